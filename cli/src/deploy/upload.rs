//! How the template gets to CloudFormation: in the request, or through a bucket when it is large.

use aws_sdk_s3::config::Builder;
use aws_sdk_s3::primitives::ByteStream;
use sha2::{Digest, Sha256};

use super::Error;
use super::aws::{self, Aws};

/// The most a request takes.
pub const REQUEST_LIMIT: usize = 51_200;
/// The most CloudFormation reads from a bucket.
const BUCKET_LIMIT: usize = 1_000_000;

/// Where CloudFormation finds the template.
pub enum Source {
    Body(String),
    Url(String),
}

/// Fails, without a call, when the template cannot be deployed the way that was asked for.
pub fn verify(template: &str, bucket: Option<&str>) -> Result<(), Error> {
    let bytes = template.len();
    if bytes > BUCKET_LIMIT {
        return Err(Error::TooLarge { bytes });
    }
    if bytes > REQUEST_LIMIT && bucket.is_none() {
        return Err(Error::NeedsBucket { bytes });
    }
    Ok(())
}

/// Uploads the template if it is too large for a request.
pub async fn source(
    aws: &Aws,
    stack: &str,
    template: &str,
    bucket: Option<&str>,
) -> Result<Source, Error> {
    let Some(bucket) = bucket.filter(|_| template.len() > REQUEST_LIMIT) else {
        return Ok(Source::Body(template.to_owned()));
    };
    let key = key(stack, template);
    // An endpoint of one's own seldom has a host name for each bucket.
    let config =
        Builder::from(&aws.config).force_path_style(aws.config.endpoint_url().is_some()).build();
    aws_sdk_s3::Client::from_conf(config)
        .put_object()
        .bucket(bucket)
        .key(&key)
        .content_type("application/json")
        .body(ByteStream::from(template.as_bytes().to_vec()))
        .send()
        .await
        .map_err(aws::failed("PutObject"))?;
    Ok(Source::Url(url(aws.config.endpoint_url(), &aws.region, bucket, &key)))
}

/// The same template gets the same key, so deploying twice leaves one object.
fn key(stack: &str, template: &str) -> String {
    let digest = Sha256::digest(template.as_bytes());
    let hex: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("archgen/{stack}/{hex}.json")
}

fn url(endpoint: Option<&str>, region: &str, bucket: &str, key: &str) -> String {
    match endpoint {
        Some(endpoint) => {
            // Local APIs take the bucket from the host name, unless that is `localhost`.
            let endpoint =
                endpoint.trim_end_matches('/').replacen("://127.0.0.1", "://localhost", 1);
            format!("{endpoint}/{bucket}/{key}")
        }
        None => {
            let domain =
                if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
            format!("https://s3.{region}.{domain}/{bucket}/{key}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_template_needs_a_bucket() {
        assert!(verify(&"a".repeat(51_200), None).is_ok());
        assert!(matches!(
            verify(&"a".repeat(51_201), None),
            Err(Error::NeedsBucket { bytes: 51_201 })
        ));
        assert!(verify(&"a".repeat(51_201), Some("b")).is_ok());
        assert!(matches!(verify(&"a".repeat(1_000_001), Some("b")), Err(Error::TooLarge { .. })));
    }

    #[test]
    fn the_url_follows_the_endpoint_and_the_partition() {
        assert_eq!(
            url(Some("http://127.0.0.1:5000/"), "eu-west-1", "b", "k"),
            "http://localhost:5000/b/k"
        );
        assert_eq!(url(None, "eu-west-1", "b", "k"), "https://s3.eu-west-1.amazonaws.com/b/k");
        assert_eq!(url(None, "cn-north-1", "b", "k"), "https://s3.cn-north-1.amazonaws.com.cn/b/k");
    }

    #[test]
    fn the_key_depends_on_the_template_alone() {
        assert_eq!(key("s", "a"), key("s", "a"));
        assert_ne!(key("s", "a"), key("s", "b"));
        assert!(key("s", "a").starts_with("archgen/s/ca978112ca1bbdcafac231b39a23dc4d"));
    }
}
