use alloc::{string::String, vec::Vec};
use funfair_host_api::json::{Raw, Reader, Wire, read};

/// An object as a list of (name, value).
///
/// Why not a struct for each answer: the machine needs four fields of all of them together, and a
/// struct is bytes for each field it has.
pub struct Pairs<T>(pub Vec<(String, T)>);

impl<T: Wire> Wire for Pairs<T> {
    fn write(&self, _: &mut String) {}
    fn read(input: &mut Reader<'_>) -> Option<Self> {
        let mut list = Vec::new();
        input.object(&mut |input, key| {
            list.push((key.into(), T::read(input)?));
            Some(())
        })?;
        Some(Self(list))
    }
}

/// The fields of an answer; none where it is not an object.
pub struct Fields(Vec<(String, Raw)>);

impl Fields {
    pub fn of(json: &str) -> Self {
        Self(read::<Pairs<Raw>>(json).map_or(Vec::new(), |pairs| pairs.0))
    }

    /// The field `name`; `None` where it is absent, `null` or of another shape.
    pub fn get<T: Wire>(&self, name: &str) -> Option<T> {
        self.0.iter().find(|(have, _)| have == name).and_then(|(_, raw)| raw.get())
    }

    /// The string field `name`, empty where there is none.
    pub fn word(&self, name: &str) -> String {
        self.get(name).unwrap_or_default()
    }
}
