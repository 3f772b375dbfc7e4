//! `certificate!`: a TLS certificate of AWS Certificate Manager.

use crate::check::Context;
use crate::declare::HostedZone;
use crate::field::{DeclarationRef, List};
use crate::lower::Lower;
use crate::value::Text;

crate::declaration! {
    /// A TLS certificate, proved by DNS.
    Certificate CertificateBuilder {
        /// The domain it is for.
        required domain: Text = "\"app.example.com\"";
        /// Further domains it is for.
        optional alternative_names: List<Text>;
        /// The zone that the proof is written to; without it the team adds the CNAME record and the deployment
        /// waits for it.
        optional zone: DeclarationRef<HostedZone>;
        /// The identifier of a Route 53 hosted zone that is not declared here, for the same.
        optional hosted_zone: Text;
    } members CertificateMembers {
        /// The Amazon Resource Name.
        arn;
    }
}

impl Certificate {
    /// Checks the declaration's own limits.
    pub fn check(&self, cx: &mut Context<'_>) {
        crate::check::certificate::check(self, cx);
    }

    /// Lowers it into resources.
    pub fn lower(&self, cx: &mut Lower<'_>) {
        crate::lower::lower_certificate(self, cx);
    }
}
