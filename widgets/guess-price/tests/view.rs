//! The face in its main states.
