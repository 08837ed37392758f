//! The shelf as a reader meets it.
