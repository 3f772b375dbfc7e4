//! Buckets.

use archgen_core::resource::Resource;
use archgen_core::resource::s3::{Bucket, BucketPolicy};

use super::module::Module;
use super::writer::Writer;

impl Writer<'_> {
    pub(super) fn bucket(&self, resource: &Resource, it: &Bucket, out: &mut Module) {
        let _ = (resource, it, out);
    }

    pub(super) fn bucket_policy(&self, resource: &Resource, it: &BucketPolicy, out: &mut Module) {
        let _ = (resource, it, out);
    }
}
