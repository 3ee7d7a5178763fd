//! The keys that a check has in the policy, each with what it means and its default, written as one table.

/// `params! { pub(crate) struct Params { /// Days without a sign-in. idle_days: u32 = 90, } }` defines them in
/// kebab case, unknown keys refused. What a key means is what an editor shows of it.
macro_rules! params {
    (
        $(#[$about:meta])*
        $vis:vis struct $name:ident {
            $($(#[$one:meta])* $field:ident: $type:ty = $default:expr,)*
        }
    ) => {
        $(#[$about])*
        #[derive(Debug, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        #[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
        $vis struct $name { $($(#[$one])* pub $field: $type,)* }

        impl Default for $name {
            fn default() -> Self {
                Self { $($field: $default,)* }
            }
        }
    };
}

pub(crate) use params;
