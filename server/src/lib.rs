//! sooner-server
