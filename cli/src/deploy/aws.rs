//! The AWS clients, and AWS's errors in our words.

use std::error::Error as StdError;

use aws_config::{BehaviorVersion, SdkConfig};
use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_cloudformation::Client;
use aws_sdk_cloudformation::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_http_client::{Builder, Connector, proxy::ProxyConfig, tls};

use super::Error;

/// The clients of one deployment.
pub struct Aws {
    pub cloudformation: Client,
    pub config: SdkConfig,
    pub region: String,
}

impl Aws {
    /// Credentials and region come from the SDK's own chain, the endpoint from the command line if given.
    pub async fn connect(endpoint_url: Option<&str>) -> Result<Aws, Error> {
        let local = endpoint_url.is_some_and(is_local);
        let http = Builder::new().build_with_connector_fn(move |settings, components| {
            let proxy = if local { ProxyConfig::disabled() } else { ProxyConfig::from_env() };
            let mut connector = Connector::builder()
                .proxy_config(proxy)
                .tls_provider(tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring));
            connector.set_connector_settings(settings.cloned());
            if let Some(components) = components {
                connector.set_sleep_impl(components.sleep_impl());
            }
            connector.build()
        });
        let mut loader = aws_config::defaults(BehaviorVersion::v2026_01_12()).http_client(http);
        if let Some(url) = endpoint_url {
            loader = loader.endpoint_url(url);
        }
        let config = loader.load().await;
        let region = config.region().ok_or(Error::NoRegion)?.to_string();
        Ok(Aws { cloudformation: Client::new(&config), config, region })
    }
}

/// Whether an endpoint is on this machine, where no proxy leads.
fn is_local(url: &str) -> bool {
    let host = url.split_once("://").map_or(url, |(_, rest)| rest);
    ["localhost", "127.", "[::1]"].iter().any(|it| host.starts_with(it))
}

/// An error of a call, with AWS's code and message, or with the reason why AWS was not reached.
pub fn failed<E, R>(operation: &'static str) -> impl FnOnce(SdkError<E, R>) -> Error
where
    E: StdError + ProvideErrorMetadata + Send + Sync + 'static,
    R: std::fmt::Debug + Send + Sync + 'static,
{
    move |error| {
        if let Some(service) = error.as_service_error() {
            let code = service.code().map(str::to_owned);
            let message = service.message().map_or_else(|| service.to_string(), str::to_owned);
            return Error::Api { operation, code, source: message.into() };
        }
        if is_about_credentials(&error) {
            return Error::Credentials { source: Box::new(error) };
        }
        Error::Api { operation, code: None, source: Box::new(error) }
    }
}

/// Whether a missing or refused credential lies below the error.
fn is_about_credentials(error: &(dyn StdError + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if error.is::<CredentialsError>() {
            return true;
        }
        next = error.source();
    }
    false
}
