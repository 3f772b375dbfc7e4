//! The relation says what single questions say.
