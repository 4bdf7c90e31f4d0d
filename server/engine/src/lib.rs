//! sooner-engine
