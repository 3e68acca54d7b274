//! Writing a message from its parts, by the names of its schema: the counterpart of [`visit`](crate::visit), for hosts that
//! have no typed values (tools, bindings to other languages).

use crate::codec::{
    EncodeErrorKind, FieldInfo, FieldKind, Leaf, Row, TypeInfo, Writer, code_width, index_width,
    productions,
};
use crate::set::{Form, HEADER, SchemaSet};

/// Deepest nesting of elements in any schema set; `ds:Signature` in a header has the most.
const MAX_DEPTH: usize = 12;

/// Why a part cannot be written where it comes. Names are those of the schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TreeError {
    /// The set has no root of that name in this form, or one whose content is not written.
    #[error("no root of that name")]
    NoRoot,
    /// No part of that name may come here.
    #[error("no part of that name may come here in {parent}")]
    Unexpected {
        /// The open element.
        parent: &'static str,
    },
    /// A part that the schema requires has not come.
    #[error("{name} is missing")]
    Missing {
        /// The first one that is missing.
        name: &'static str,
    },
    /// A value where an element with parts must stand, or the other way round, or a value of another kind.
    #[error("{name} has another kind")]
    Kind {
        /// The part.
        name: &'static str,
    },
    /// The number lies outside the type's range, or the name is none of the enumeration.
    #[error("{name} is out of range")]
    Range {
        /// The part.
        name: &'static str,
    },
    /// A text or binary has a length that the schema does not allow.
    #[error("{name}: expected a length of {minimum}..={maximum}, got {got}")]
    Length {
        /// The part.
        name: &'static str,
        /// Smallest length, in characters or octets.
        minimum: u32,
        /// Largest length.
        maximum: u32,
        /// Length given.
        got: u32,
    },
    /// An abstract element, a wildcard, or a part of XML signatures that this codec does not write.
    #[error("{name} cannot be written")]
    Refused {
        /// The part.
        name: &'static str,
    },
    /// [`TreeWriter::close`] with nothing open, or a part after the root's end.
    #[error("nothing is open")]
    NothingOpen,
    /// [`TreeWriter::finish`] with an element still open, or without any.
    #[error("the root is not complete")]
    NotComplete,
    /// The buffer is too short.
    #[error("the buffer of {got} octets is too short")]
    BufferTooShort {
        /// Its octets.
        got: u32,
    },
}

const _: () = assert!(size_of::<TreeError>() <= 32);

/// Writes a document or fragment part by part, in the order of the schema.
///
/// After an error the writer is of no more use: what was written is not complete, and [`Self::finish`] says so.
///
/// ```
/// use evse_iso15118::codec::{Bytes, Leaf};
/// use evse_iso15118::{Form, SchemaSet, TreeWriter};
///
/// let mut buffer = [0; 32];
/// let mut message = TreeWriter::new(SchemaSet::Iso2, Form::Document, &mut buffer);
/// message.open("V2G_Message")?;
/// message.open("Header")?;
/// message.leaf("SessionID", Leaf::Bytes(Bytes::new(&[0; 8])))?;
/// message.close()?;
/// message.open("Body")?;
/// message.open("SessionSetupReq")?;
/// message.leaf("EVCCID", Leaf::Bytes(Bytes::new(&[0xa0, 0xce, 0xc8, 0xca, 0x5f, 0xa2])))?;
/// message.close()?;
/// message.close()?;
/// message.close()?;
/// assert_eq!(message.finish()?, 21);
/// # Ok::<(), evse_iso15118::TreeError>(())
/// ```
#[derive(Debug)]
pub struct TreeWriter<'a> {
    writer: Writer<'a>,
    set: SchemaSet,
    form: Form,
    levels: [Level; MAX_DEPTH],
    depth: usize,
    stage: Stage,
}

/// What may come next of the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Root,
    Inside,
    Complete,
    Failed,
}

/// An element with parts that is open.
#[derive(Debug, Clone, Copy)]
struct Level {
    name: &'static str,
    fields: &'static [FieldInfo],
    mixed: bool,
    /// The row written last and how often; with 0 times none was.
    row: usize,
    times: u32,
    /// The `eMAID` fragment of -2, whose event codes are of the element fragment grammar.
    general: bool,
}

/// A place in an open element where a part may come, with its event code.
struct Place {
    row: usize,
    name: &'static str,
    info: &'static TypeInfo,
    kind: FieldKind,
    code: u32,
    width: u32,
}

impl Level {
    const NONE: Self =
        Self { name: "", fields: &[], mixed: false, row: 0, times: 0, general: false };

    /// The row that the present state begins with, whether it is a further item of a list, and how many event codes the
    /// state has.
    fn state(&self) -> (usize, bool, u32) {
        let after = |row| productions(self.fields, row, self.mixed);
        let Some(field) = self.fields.get(self.row).filter(|_| self.times > 0) else {
            return (0, false, after(0));
        };
        if self.times < field.min {
            (self.row, true, field.span())
        } else if self.times < field.max {
            (self.row, true, field.span() + after(self.row + 1))
        } else {
            (self.row + 1, false, after(self.row + 1))
        }
    }

    /// Where a part of that name may come now.
    fn find(&self, wanted: &str) -> Result<Place, TreeError> {
        let (first, again, codes) = self.state();
        let (mut code, mut missing) = (0, None);
        for (row, field) in self.fields.iter().enumerate().skip(first) {
            if let Some((alternative, name, info)) = alternative(field, wanted) {
                return match missing {
                    Some(name) => Err(TreeError::Missing { name }),
                    None => {
                        let (code, width) = match self.general {
                            true => general_code(row),
                            false => (code + alternative, code_width(codes)),
                        };
                        Ok(Place { row, name, info, kind: field.kind, code, width })
                    }
                };
            }
            let needed = if again && row == first { self.times < field.min } else { field.min > 0 };
            if needed && missing.is_none() {
                missing = Some(field.name);
            }
            code += field.span();
        }
        Err(TreeError::Unexpected { parent: self.name })
    }

    /// The event code of the element's end and its width.
    fn end(&self) -> Result<(u32, u32), TreeError> {
        let (first, again, codes) = self.state();
        let mut code = 0;
        for (row, field) in self.fields.iter().enumerate().skip(first) {
            let needed = if again && row == first { self.times < field.min } else { field.min > 0 };
            if needed {
                return Err(TreeError::Missing { name: field.name });
            }
            code += field.span();
        }
        Ok(if self.general { general_code(self.fields.len()) } else { (code, code_width(codes)) })
    }

    fn written(&mut self, row: usize) {
        self.times = if row == self.row { self.times.saturating_add(1) } else { 1 };
        self.row = row;
    }
}

/// The element or alternative of that name in a row: its place in the row, its name and its type.
fn alternative(field: &FieldInfo, wanted: &str) -> Option<(u32, &'static str, &'static TypeInfo)> {
    match (field.kind, field.info) {
        (FieldKind::Choice, TypeInfo::Choice { alternatives }) => (0..)
            .zip(*alternatives)
            .find(|(_, a)| a.name == wanted)
            .map(|(index, a)| (index, a.name, a.info)),
        _ => (field.name == wanted).then_some((0, field.name, field.info)),
    }
}

/// Event code and width in the general grammar of the `eMAID` fragment: its attribute, its text, its end.
#[cfg(feature = "iso2")]
fn general_code(row: usize) -> (u32, u32) {
    use crate::emaid::{CHARACTERS, END, FIRST_STATE, ID, SECOND_STATE};
    match row {
        0 => (ID, code_width(FIRST_STATE)),
        1 => (CHARACTERS, code_width(FIRST_STATE)),
        _ => (END, code_width(SECOND_STATE)),
    }
}

#[cfg(not(feature = "iso2"))]
fn general_code(_row: usize) -> (u32, u32) {
    (0, 0)
}

/// Whether a root is the fragment that the general grammar codes.
fn is_general(set: SchemaSet, form: Form, name: &str) -> bool {
    #[cfg(feature = "iso2")]
    return set == SchemaSet::Iso2 && form == Form::Fragment && name == "eMAID";
    #[cfg(not(feature = "iso2"))]
    return false;
}

impl<'a> TreeWriter<'a> {
    /// Begins a document or fragment at the start of `buffer`.
    #[must_use]
    pub fn new(set: SchemaSet, form: Form, buffer: &'a mut [u8]) -> Self {
        let mut writer = Writer::new(buffer);
        writer.bits(u64::from(HEADER), 8);
        let levels = [Level::NONE; MAX_DEPTH];
        Self { writer, set, form, levels, depth: 0, stage: Stage::Root }
    }

    /// An element with parts begins, the root first.
    ///
    /// # Errors
    /// [`TreeError`].
    pub fn open(&mut self, name: &str) -> Result<(), TreeError> {
        self.step(|tree| {
            let (place, general) = tree.place(name)?;
            let TypeInfo::Complex { fields, mixed, .. } = *place.info else {
                return Err(match place.info {
                    TypeInfo::Refused(_) => TreeError::Refused { name: place.name },
                    _ => TreeError::Kind { name: place.name },
                });
            };
            let slot = tree.levels.get_mut(tree.depth);
            let slot = slot.ok_or(TreeError::Refused { name: place.name })?;
            *slot = Level { name: place.name, fields, mixed, row: 0, times: 0, general };
            tree.depth += 1;
            tree.writer.bits(u64::from(place.code), place.width);
            Ok(())
        })
    }

    /// A simple element, an attribute (`@Name`) or text beside attributes (`#text`). Integers are taken as signed, unsigned
    /// or big, whatever the schema calls them; a value of an enumeration as its name or as a text.
    ///
    /// # Errors
    /// [`TreeError`].
    pub fn leaf(&mut self, name: &str, value: Leaf<'_>) -> Result<(), TreeError> {
        self.step(|tree| {
            let (place, _) = tree.place(name)?;
            tree.writer.bits(u64::from(place.code), place.width);
            let framed = !matches!(place.kind, FieldKind::Attribute | FieldKind::Text);
            tree.writer.bits(0, u32::from(framed));
            write_leaf(&mut tree.writer, &place, value)?;
            tree.writer.bits(0, u32::from(framed));
            if tree.depth == 0 {
                tree.complete();
            }
            Ok(())
        })
    }

    /// The element opened last ends.
    ///
    /// # Errors
    /// [`TreeError`].
    pub fn close(&mut self) -> Result<(), TreeError> {
        self.step(|tree| {
            let level = tree.open_level().ok_or(TreeError::NothingOpen)?;
            let (code, width) = level.end()?;
            tree.writer.bits(u64::from(code), width);
            tree.depth -= 1;
            if tree.depth == 0 {
                tree.complete();
            }
            Ok(())
        })
    }

    /// The length of the whole, in octets; the last octet is filled with zero bits.
    ///
    /// # Errors
    /// [`TreeError::NotComplete`], [`TreeError::BufferTooShort`].
    pub fn finish(mut self) -> Result<usize, TreeError> {
        if self.stage != Stage::Complete {
            return Err(TreeError::NotComplete);
        }
        self.writer.finish().map_err(|error| match error.kind() {
            EncodeErrorKind::BufferTooShort { got } => TreeError::BufferTooShort { got },
            _ => TreeError::NotComplete,
        })
    }

    /// Does a step; one that fails is the last.
    fn step(
        &mut self,
        part: impl FnOnce(&mut Self) -> Result<(), TreeError>,
    ) -> Result<(), TreeError> {
        let outcome = match self.stage {
            Stage::Failed => Err(TreeError::NotComplete),
            Stage::Complete => Err(TreeError::NothingOpen),
            Stage::Root | Stage::Inside => part(self),
        };
        if outcome.is_err() {
            self.stage = Stage::Failed;
        }
        outcome
    }

    fn open_level(&mut self) -> Option<&mut Level> {
        self.levels.get_mut(self.depth.checked_sub(1)?)
    }

    /// Where a part of that name comes; also whether it is a root in the general grammar.
    fn place(&mut self, name: &str) -> Result<(Place, bool), TreeError> {
        if self.stage == Stage::Root {
            let place = self.root(name).ok_or(TreeError::NoRoot)?;
            self.stage = Stage::Inside;
            return Ok((place, is_general(self.set, self.form, name)));
        }
        let level = self.open_level().ok_or(TreeError::NothingOpen)?;
        let place = level.find(name)?;
        level.written(place.row);
        Ok((place, false))
    }

    /// The root of that name.
    fn root(&self, name: &str) -> Option<Place> {
        let width = code_width(self.set.roots().codes(self.form));
        (0..).zip(self.set.elements()).filter(|(_, element)| element.name == name).find_map(
            |(index, element)| {
                let code = match self.form {
                    Form::Document => u32::from(element.document?),
                    Form::Fragment => index,
                };
                let (name, info) = (element.name, element.info?);
                Some(Place { row: 0, name, info, kind: FieldKind::Element, code, width })
            },
        )
    }

    fn complete(&mut self) {
        self.stage = Stage::Complete;
        if self.form == Form::Fragment {
            let codes = self.set.roots().codes(self.form);
            self.writer.bits(u64::from(codes - 1), code_width(codes));
        }
    }
}

/// A row without events of its own: the writer then writes nothing but the value.
const BARE: Row = Row::inside(0);

fn write_leaf(writer: &mut Writer<'_>, place: &Place, value: Leaf<'_>) -> Result<(), TreeError> {
    let name = place.name;
    let range = TreeError::Range { name };
    let number = || match value {
        Leaf::Unsigned(number) => Ok(i128::from(number)),
        Leaf::Signed(number) => Ok(i128::from(number)),
        Leaf::Integer(number) => number.to_i64().map(i128::from).ok_or(range),
        _ => Err(TreeError::Kind { name }),
    };
    let within = |min: i128, max: i128| {
        number().and_then(|n| if (min..=max).contains(&n) { Ok(n) } else { Err(range) })
    };
    let length = |got: usize, minimum: u32, maximum: u32| {
        let got = u32::try_from(got).unwrap_or(u32::MAX);
        let fits = (minimum..=maximum).contains(&got);
        if fits { Ok(got) } else { Err(TreeError::Length { name, minimum, maximum, got }) }
    };
    match (*place.info, value) {
        (TypeInfo::Boolean, Leaf::Boolean(value)) => writer.bits(u64::from(value), 1),
        (TypeInfo::Enumeration { values }, Leaf::Name(_) | Leaf::Text(_)) => {
            let is_meant = |known: &str| match value {
                Leaf::Text(text) => text.eq_str(known),
                Leaf::Name(name) => name == known,
                _ => false,
            };
            let index = (0..).zip(values).find(|(_, known)| is_meant(known)).ok_or(range)?.0;
            writer.bits(index, index_width(values.len() as u32));
        }
        (TypeInfo::NBit { min, max }, _) => {
            let offset = within(min.into(), max.into())? - i128::from(min);
            writer.bits(offset as u64, index_width((i32::from(max) - i32::from(min) + 1) as u32));
        }
        (TypeInfo::Unsigned { max }, _) => writer.unsigned(within(0, max.into())? as u64),
        (TypeInfo::Signed { min, max }, _) => {
            writer.signed(within(min.into(), max.into())? as i64);
        }
        (TypeInfo::Integer, Leaf::Integer(number)) => writer.integer_row(BARE, &number),
        (TypeInfo::Integer, _) => {
            writer.signed(i64::try_from(number()?).map_err(|_| range)?);
        }
        (TypeInfo::Text { min, max }, Leaf::Text(text)) => {
            length(text.len(), min, max)?;
            writer.text_row(BARE, &text, min, max);
        }
        (TypeInfo::Octets { min, max }, Leaf::Bytes(octets)) => {
            length(octets.len(), min, max)?;
            writer.octets_row(BARE, &octets, min, max);
        }
        (TypeInfo::Refused(_), _) => return Err(TreeError::Refused { name }),
        _ => return Err(TreeError::Kind { name }),
    }
    Ok(())
}
