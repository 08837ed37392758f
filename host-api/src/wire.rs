//! One definition a wire type, two codecs.
//!
//! [`wire!`](crate::wire) writes a struct or an enum once and gives it serde (feature `serde`), a
//! JSON Schema (feature `schema`) and the compact [`Wire`](crate::json::Wire) codec. JSON is
//! `snake_case`; enums are tagged `{"type": "spin"}`; an absent option is written as `null`.

/// Defines wire types.
///
/// Three forms: a struct, a tagged enum and a set of names. A tagged enum declared `open` gets a
/// variant `Unknown { label }` that takes whatever a newer server sends: its mandatory `label` is
/// what a shopper is shown.
///
/// ```
/// use funfair_host_api::{json, wire, Words};
/// wire! {
///     /// What the shopper asks.
///     pub enum Action {
///         /// Turns the wheel.
///         Spin = "spin" { /** How it is paid. */ pay: Pay },
///     }
/// }
/// wire! {
///     /// How a spin is paid.
///     pub names Pay { /** A free spin. */ Free = "free", /** With points. */ Points = "points" }
/// }
/// let action = Action::Spin { pay: Pay::Free };
/// assert_eq!(json::write(&action), r#"{"type":"spin","pay":"free"}"#);
/// assert_eq!(json::read(r#"{"pay":"free","type":"spin"}"#), Some(action));
/// ```
#[macro_export]
macro_rules! wire {
    ($(#[$meta:meta])* pub struct $name:ident $(<$($param:ident),+>)? {
        $($(#[$fmeta:meta])* pub $field:ident: $ty:ty),* $(,)?
    }) => {
        #[derive(Clone, Debug, PartialEq)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        $(#[$meta])*
        pub struct $name $(<$($param),+>)? { $($(#[$fmeta])* pub $field: $ty),* }

        impl $(<$($param: $crate::json::Wire),+>)? $crate::json::Wire for $name $(<$($param),+>)? {
            #[allow(unused_mut, unused_assignments)]
            fn write(&self, out: &mut $crate::alloc::string::String) {
                let mut open = '{';
                $(
                    out.push(open);
                    open = ',';
                    out.push_str(concat!("\"", stringify!($field), "\":"));
                    $crate::json::Wire::write(&self.$field, out);
                )*
                if open == '{' { out.push('{'); }
                out.push('}');
            }
            fn read(input: &mut $crate::json::Reader<'_>) -> Option<Self> {
                $(let mut $field = <$ty as $crate::json::Wire>::absent();)*
                input.object(&mut |input, key| {
                    match key {
                        $(stringify!($field) => {
                            $field = Some($crate::json::Wire::read(input)?);
                        })*
                        _ => input.skip()?,
                    }
                    Some(())
                })?;
                Some(Self { $($field: $field?),* })
            }
        }
    };

    ($(#[$meta:meta])* pub open enum $name:ident {
        $($(#[$vmeta:meta])* $variant:ident = $tag:literal { $($(#[$fmeta:meta])* $field:ident: $ty:ty),* $(,)? }),* $(,)?
    }) => {
        $crate::wire! {
            $(#[$meta])* pub enum $name {
                $($(#[$vmeta])* $variant = $tag { $($(#[$fmeta])* $field: $ty),* },)*
                /// Something newer than this reader; its label says what to show.
                Unknown = "unknown" {
                    /// What to show.
                    label: $crate::Words
                },
            } or Unknown
        }
    };

    ($(#[$meta:meta])* pub enum $name:ident {
        $($(#[$vmeta:meta])* $variant:ident = $tag:literal { $($(#[$fmeta:meta])* $field:ident: $ty:ty),* $(,)? }),* $(,)?
    } $(or $other:ident)?) => {
        #[derive(Clone, Debug, PartialEq)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        #[cfg_attr(feature = "serde", serde(tag = "type", deny_unknown_fields))]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        $(#[$meta])*
        pub enum $name {
            $($(#[$vmeta])* #[cfg_attr(feature = "serde", serde(rename = $tag))]
            $variant { $($(#[$fmeta])* $field: $ty),* }),*
        }

        impl $name {
            /// The tags of all variants, in the order of their definition.
            pub const TAGS: &'static [&'static str] = &[$($tag),*];

            /// This value's tag.
            pub fn tag(&self) -> &'static str {
                match self { $(Self::$variant { .. } => $tag),* }
            }
        }

        impl $crate::json::Wire for $name {
            fn write(&self, out: &mut $crate::alloc::string::String) {
                match self {
                    $(Self::$variant { $($field),* } => {
                        out.push_str(concat!("{\"type\":\"", $tag, "\""));
                        $(
                            out.push_str(concat!(",\"", stringify!($field), "\":"));
                            $crate::json::Wire::write($field, out);
                        )*
                    }),*
                }
                out.push('}');
            }
            #[allow(unreachable_code, unused_variables)]
            fn read(input: &mut $crate::json::Reader<'_>) -> Option<Self> {
                let tag = input.tag("type")?;
                $(if tag == $tag {
                    $(let mut $field = <$ty as $crate::json::Wire>::absent();)*
                    input.object(&mut |input, key| {
                        match key {
                            $(stringify!($field) => {
                                $field = Some($crate::json::Wire::read(input)?);
                            })*
                            _ => input.skip()?,
                        }
                        Some(())
                    })?;
                    return Some(Self::$variant { $($field: $field?),* });
                })*
                $(
                    let mut label = None;
                    input.object(&mut |input, key| {
                        if key == "label" {
                            label = Some($crate::json::Wire::read(input)?);
                            return Some(());
                        }
                        input.skip()
                    })?;
                    return Some(Self::$other { label: label? });
                )?
                None
            }
        }
    };

    ($(#[$meta:meta])* pub names $name:ident {
        $($(#[$vmeta:meta])* $variant:ident = $tag:literal),* $(,)?
    }) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        $(#[$meta])*
        pub enum $name {
            $($(#[$vmeta])* #[cfg_attr(feature = "serde", serde(rename = $tag))] $variant),*
        }

        impl $name {
            /// All values, in the order of their definition.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The name on the wire.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $tag),* }
            }
        }

        impl $crate::json::Wire for $name {
            fn write(&self, out: &mut $crate::alloc::string::String) {
                $crate::json::write_str(self.name(), out);
            }
            fn read(input: &mut $crate::json::Reader<'_>) -> Option<Self> {
                let name = <$crate::alloc::string::String as $crate::json::Wire>::read(input)?;
                Self::ALL.iter().copied().find(|value| value.name() == name)
            }
        }
    };
}
