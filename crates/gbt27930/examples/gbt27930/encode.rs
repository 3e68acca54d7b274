//! `encode`: messages to frames. Goes by `can_id`, `transport` and `payload_hex`; only where `payload_hex` is missing is
//! the payload built from the raw values of `fields`.

use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use evse_gbt27930::table::{Field, Shape, Value as Raw};
use evse_gbt27930::transport::{Control, packets_of};
use evse_gbt27930::{CanId, Edition, Frame, MessageKind, PF_TP_DT, Party};
use serde_json::{Map, Value};

use crate::Refused;
use crate::input::{Complaints, lines, read};

pub(crate) fn run(edition: Edition, file: &Path, out: &mut impl Write) -> Result<Refused> {
    let text = read(file)?;
    let mut complaints = Complaints::new(file);
    for (number, line) in lines(&text) {
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        match frames_of(line, edition) {
            Ok((time, frames)) => {
                for frame in frames {
                    match time {
                        Some(t) => writeln!(out, "({t:.6}) can0 {frame}")?,
                        None => writeln!(out, "{frame}")?,
                    }
                }
            }
            Err(error) => complaints.add(number, format!("{error:#}")),
        }
    }
    Ok(complaints.finish())
}

/// The frames of one line, as text.
fn frames_of(line: &[u8], edition: Edition) -> Result<(Option<f64>, Vec<String>)> {
    let line: Map<String, Value> = serde_json::from_slice(line).context("not a JSON object")?;
    let time = match line.get("t") {
        None | Some(Value::Null) => None,
        Some(t) => Some(t.as_f64().filter(|t| *t >= 0.0).context("t: not a time in seconds")?),
    };
    let edition = match line.get("edition") {
        None => edition,
        Some(value) => value
            .as_str()
            .and_then(|year| year.parse().ok())
            .and_then(Edition::from_year)
            .context("edition: not 2011, 2015 or 2023")?,
    };
    let kind = match line.get("message").map(|m| m.as_str().unwrap_or_default()) {
        None | Some("(unknown)" | "(foreign)") => None,
        Some(code) => {
            Some(MessageKind::from_code(code).with_context(|| format!("message: no {code:?}"))?)
        }
    };
    let id_text = match (line.get("can_id"), kind) {
        (Some(id), _) => id.as_str().context("can_id: not a string")?.to_owned(),
        (None, Some(kind)) => kind.info().can_id().to_string(),
        (None, None) => bail!("neither can_id nor a known message"),
    };
    let payload = match line.get("payload_hex") {
        // A remote or CAN FD frame of other parties is kept as text.
        Some(Value::String(data)) if data.starts_with(['R', '#']) => {
            return Ok((time, vec![format!("{id_text}#{data}")]));
        }
        Some(Value::String(digits)) => unhex(digits).context("payload_hex")?,
        Some(_) => bail!("payload_hex: not a string"),
        None => {
            let kind = kind.context("neither payload_hex nor a known message")?;
            let fields = line
                .get("fields")
                .and_then(Value::as_object)
                .context("neither payload_hex nor fields")?;
            payload_from_fields(kind, edition, fields)?
        }
    };
    if id_text.len() == 3 && payload.len() <= 8 {
        u16::from_str_radix(&id_text, 16).context("can_id")?;
        return Ok((time, vec![format!("{id_text}#{}", crate::decode::upper_hex(&payload))]));
    }
    let id = Some(id_text.as_str())
        .filter(|text| text.len() == 8)
        .and_then(|text| u32::from_str_radix(text, 16).ok())
        .and_then(CanId::from_raw)
        .context("can_id: not 8 hexadecimal digits of at most 29 bits")?;
    let is_multi_packet = match line.get("transport").map(Value::as_str) {
        Some(Some("tp")) => true,
        Some(Some("single")) => false,
        None => payload.len() > 8,
        _ => bail!("transport: not \"single\" or \"tp\""),
    };
    let frames = if is_multi_packet {
        let by = id.sender().context("can_id: not between charger and BMS")?;
        transfer(by, u32::from(id.pf()) << 8, &payload)?
    } else {
        vec![Frame::new(id, &payload).context("payload_hex: more than 8 bytes in a single frame")?]
    };
    Ok((time, frames.iter().map(ToString::to_string).collect()))
}

/// All frames of a multi-packet message as an undisturbed bus carries them, answers included.
fn transfer(by: Party, pgn: u32, payload: &[u8]) -> Result<Vec<Frame>> {
    let size = u16::try_from(payload.len()).unwrap_or(u16::MAX);
    if !(9..=1785).contains(&size) {
        bail!("payload_hex: {} bytes, the transport protocol takes 9 to 1785", payload.len());
    }
    let packets = u8::try_from(packets_of(size)).context("packets")?;
    let mut frames = vec![
        Control::RequestToSend { size, packets, window: 0xFF, pgn }.encode(by),
        Control::ClearToSend { packets, next: 1, pgn }.encode(by.peer()),
    ];
    let id = CanId::new(7, PF_TP_DT, by);
    for (number, chunk) in (1..=packets).zip(payload.chunks(7)) {
        let mut data = [0xFF; 8];
        let [first, packet @ ..] = &mut data;
        *first = number;
        for (to, from) in packet.iter_mut().zip(chunk) {
            *to = *from;
        }
        frames.push(Frame::full(id, data));
    }
    frames.push(Control::EndOfMessage { size, packets, pgn }.encode(by.peer()));
    Ok(frames)
}

/// The payload whose decoded fields these are. Undefined bits are ones; fields missing at the end shorten it.
fn payload_from_fields(
    kind: MessageKind,
    edition: Edition,
    fields: &Map<String, Value>,
) -> Result<Vec<u8>> {
    let info = kind.info();
    let mut payload = vec![0xFF; info.length.into()];
    let mut end = usize::from(info.minimum);
    let mut is_whole = true;
    for field in info.fields {
        let Some(position) = field.position_in(edition) else { continue };
        if field.repeat > 1 {
            end = put_list(field, edition, fields, &mut payload)?;
            continue;
        }
        match raw_of(field, fields).with_context(|| field.name.to_owned())? {
            Some(raw) => {
                put(field, edition, 0, &raw, &mut payload)?;
                end = end.max(position.end());
                is_whole = true;
            }
            None => is_whole = false,
        }
    }
    if is_whole && !info.is_list() {
        end = end.max(info.length_in(edition).into());
    }
    payload.truncate(end);
    Ok(payload)
}

/// A raw value that owns its bytes.
enum Owned {
    Number(u32),
    Bytes(Vec<u8>),
}

fn put(field: &Field, edition: Edition, index: u16, raw: &Owned, to: &mut [u8]) -> Result<()> {
    let value = match raw {
        Owned::Number(number) => Raw::Number(*number),
        Owned::Bytes(bytes) => Raw::Bytes(bytes),
    };
    field.put(to, edition, index, value).map_err(|error| anyhow!(error))
}

/// The raw value of a plain field, `None` where it is absent.
fn raw_of(field: &Field, fields: &Map<String, Value>) -> Result<Option<Owned>> {
    let member = |suffix: &str| fields.get(&format!("{}{suffix}", field.name));
    let found = match field.shape {
        Shape::Bytes => member("_hex"),
        Shape::Serial | Shape::Cell(_) | Shape::Date => member("_raw"),
        Shape::Clock => fields.get("bcd_raw_hex").or_else(|| member("")),
        _ => member(""),
    };
    let Some(value) = found else { return Ok(None) };
    let ones = u32::MAX >> (32 - field.position.width.min(32));
    Ok(Some(match (field.shape, value) {
        (Shape::Quantity(_) | Shape::Ordinal | Shape::Trouble, value) => {
            Owned::Number(number(value.get("raw").context("no raw value")?)?)
        }
        (Shape::Count, Value::Null) => Owned::Number(ones),
        (Shape::Text | Shape::Clock, Value::Null) => {
            Owned::Bytes(vec![0xFF; usize::from(field.position.width / 8)])
        }
        (Shape::Text, Value::String(text)) => Owned::Bytes(unescape(text)?),
        (Shape::Bytes | Shape::Clock, Value::String(digits)) => Owned::Bytes(unhex(digits)?),
        (Shape::Date, Value::Array(bytes)) => Owned::Bytes(
            bytes
                .iter()
                .map(|byte| number(byte).and_then(|b| u8::try_from(b).map_err(Into::into)))
                .collect::<Result<_>>()?,
        ),
        (_, value) => Owned::Number(number(value)?),
    }))
}

/// Puts a list and gives the length of the payload.
fn put_list(
    field: &Field,
    edition: Edition,
    fields: &Map<String, Value>,
    to: &mut [u8],
) -> Result<usize> {
    if matches!(field.shape, Shape::Bytes) {
        let key = format!("{}_hex", field.name);
        let bytes = unhex(fields.get(&key).and_then(Value::as_str).context(key)?)?;
        to.get_mut(..bytes.len()).context("too many bytes")?.copy_from_slice(&bytes);
        return Ok(bytes.len());
    }
    let items = fields.get(field.name).and_then(Value::as_array).context(field.name)?;
    if items.len() > field.repeat.into() {
        bail!("{}: {} items, at most {}", field.name, items.len(), field.repeat);
    }
    for (index, item) in (0..).zip(items) {
        let raw = match field.shape {
            Shape::Cell(_) => {
                let part = |name: &'static str| number(item.get(name).context(name)?);
                part("raw")? | part("group")? << 12
            }
            Shape::Trouble => number(item.get("raw").context("raw")?)?,
            Shape::Quantity(_) if item.is_null() => u32::MAX >> (32 - field.position.width),
            Shape::Quantity(scale) => {
                let value = item.as_i64().context("not a whole number")?;
                u32::try_from(value - i64::from(scale.offset)).context("out of range")?
            }
            _ => number(item)?,
        };
        put(field, edition, index, &Owned::Number(raw), to)?;
    }
    let len = items.len() * usize::from(field.position.width / 8);
    let rest = match fields.get("remainder_hex") {
        Some(digits) => unhex(digits.as_str().context("remainder_hex")?)?,
        None => Vec::new(),
    };
    let end = len + rest.len();
    to.get_mut(len..end).context("remainder_hex: too long")?.copy_from_slice(&rest);
    Ok(end)
}

fn number(value: &Value) -> Result<u32> {
    value.as_u64().and_then(|n| n.try_into().ok()).context("not a raw number")
}

/// Bytes of hexadecimal digits.
pub(crate) fn unhex(digits: &str) -> Result<Vec<u8>> {
    let nibble = |byte: u8| char::from(byte).to_digit(16).context("not a hexadecimal digit");
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        bail!("an odd number of hexadecimal digits");
    }
    pairs.iter().map(|[high, low]| Ok(u8::try_from(nibble(*high)? << 4 | nibble(*low)?)?)).collect()
}

/// Text with `\xNN` for bytes that are not printable.
fn unescape(text: &str) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.bytes().next() {
        match rest.strip_prefix("\\x").and_then(|digits| digits.get(..2)) {
            Some(digits) if digits.bytes().all(|d| d.is_ascii_hexdigit()) => {
                bytes.extend(unhex(digits)?);
                rest = rest.get(4..).unwrap_or_default();
            }
            _ if first.is_ascii() => {
                bytes.push(first);
                rest = rest.get(1..).unwrap_or_default();
            }
            _ => bail!("text: not ASCII"),
        }
    }
    Ok(bytes)
}
