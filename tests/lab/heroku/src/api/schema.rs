//! Checks the views against the public schema.
