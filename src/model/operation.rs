//! What can be done with a table's rows, as Dataverse's privileges divide it.

use crate::model::word::words;

words! {
    /// One operation on a table (or, for reading, an F&O collection).
    pub enum Operation {
        Read = "read",
        Create = "create",
        Write = "write",
        Delete = "delete",
        Append = "append",
        AppendTo = "append-to",
    }
}
