//! Templates of graphs built by hand.
