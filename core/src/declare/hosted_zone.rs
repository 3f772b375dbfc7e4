//! `hosted_zone!`: a public DNS zone of Amazon Route 53.

use crate::check::{Context, dns as checks};
use crate::lower::{Lower, dns};
use crate::value::Text;

crate::declaration! {
    /// A public DNS zone. The world asks it once its name servers stand at the domain's registrar, or in the zone
    /// above it.
    HostedZone HostedZoneBuilder {
        /// The domain it answers for.
        required domain: Text = "\"example.com\"";
        /// What it is for, up to 256 characters.
        optional description: Text;
    } members HostedZoneMembers {
        /// The identifier.
        id;
        /// The four name servers, with spaces between.
        name_servers;
    }
}

impl HostedZone {
    /// Checks the declaration's own limits.
    pub fn check(&self, cx: &mut Context<'_>) {
        checks::check_zone(self, cx);
    }

    /// Lowers it into resources.
    pub fn lower(&self, cx: &mut Lower<'_>) {
        dns::lower_zone(self, cx);
    }
}
