//! Everything that can go wrong, reached by running the binary; each error is a snapshot.
