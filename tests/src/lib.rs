//! sooner-tests
