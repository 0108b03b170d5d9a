//! Ctrl-C at every stage: exit code 130, nothing left running, nothing left lying about.
