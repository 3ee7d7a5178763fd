//! A struct of the format with the value of each field beside its type: no field is written twice.

/// `struct Name<'a> from source = &'a Model { field: Type = value of source, .. }`, serialised, in the schema,
/// and made by `Name::of(source)`.
macro_rules! shape {
    ($(
        $(#[$about:meta])*
        $sight:vis struct $name:ident<$life:lifetime> from $source:pat = $model:ty {
            $($(#[$note:meta])* $field:ident: $kind:ty = $value:expr,)*
        }
    )*) => {$(
        $(#[$about])*
        #[derive(Debug, serde::Serialize, schemars::JsonSchema)]
        $sight struct $name<$life> {
            $($(#[$note])* $field: $kind,)*
        }

        impl<$life> $name<$life> {
            $sight fn of($source: $model) -> Self {
                Self { $($field: $value,)* }
            }
        }
    )*};
}

pub(super) use shape;

/// The shapes of a list.
pub(super) fn each<'a, M, S>(list: &'a [M], of: impl Fn(&'a M) -> S) -> Vec<S> {
    list.iter().map(of).collect()
}
