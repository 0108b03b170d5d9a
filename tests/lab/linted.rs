//! Dockerfiles under real linters.
