//! Reading and drawing, tried on friendly and hostile files.
