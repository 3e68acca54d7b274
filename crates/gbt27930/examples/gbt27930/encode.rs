//! `encode`: JSON Lines to candump frames.

use std::io::Write;

use anyhow::{Context, bail, ensure};
use evse_gbt27930::message::MessageKind;
use evse_gbt27930::table::{Field, Shape, Value as Raw};
use evse_gbt27930::transport::{LONGEST, Receiver, Sender, Timing};
use evse_gbt27930::{CanId, Edition, Frame, Instant};
use serde_json::Value;

use crate::Outcome;
use crate::input::{Input, parse_hex};

pub(crate) fn encode(file: &str) -> anyhow::Result<Outcome> {
    let input = Input::read(file)?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut outcome = Outcome::AllWell;
    for (number, line) in input.lines() {
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        match frames_of_line(line) {
            Ok((prefix, frames)) => {
                for frame in frames {
                    writeln!(out, "{prefix}{frame}")?;
                }
            }
            Err(error) => {
                eprintln!("{}:{number}: {error:#}", input.name);
                outcome = Outcome::SomeRefused;
            }
        }
    }
    out.flush()?;
    Ok(outcome)
}

/// The frames of a message, and what stands before each on its line.
fn frames_of_line(line: &[u8]) -> anyhow::Result<(String, Vec<Frame>)> {
    let line: Value = serde_json::from_slice(line)?;
    let prefix = match &line["t"] {
        Value::Null => String::new(),
        t => {
            let seconds = t.as_f64().filter(|t| *t >= 0.0).context("t is no time in seconds")?;
            format!("({seconds:.6}) can0 ")
        }
    };
    let id = match &line["can_id"] {
        Value::String(digits) => {
            let raw = u32::from_str_radix(digits, 16).ok().and_then(CanId::from_raw);
            raw.with_context(|| format!("can_id {digits:?} is no 29-bit identifier"))?
        }
        _ => {
            let code = line["message"].as_str().context("neither can_id nor message")?;
            kind_of(code)?.info().can_id()
        }
    };
    let payload = match line["payload_hex"].as_str() {
        Some(digits) => parse_hex(digits).context("payload_hex")?,
        None => payload_of_fields(&line, id)?,
    };
    let is_multi_packet = match line["transport"].as_str() {
        Some("tp") => true,
        Some("single") => false,
        Some(other) => bail!("transport {other:?} is neither \"single\" nor \"tp\""),
        None => payload.len() > 8,
    };
    if is_multi_packet {
        return Ok((prefix, transfer(id, &payload)?));
    }
    let frame = Frame::new(id, &payload)
        .with_context(|| format!("{} bytes in a single frame", payload.len()))?;
    Ok((prefix, vec![frame]))
}

fn kind_of(code: &str) -> anyhow::Result<MessageKind> {
    MessageKind::from_code(code).with_context(|| format!("no message {code:?}"))
}

/// A whole transfer as it would be on the bus: announcement, grant, packets, acknowledgement.
fn transfer(id: CanId, payload: &[u8]) -> anyhow::Result<Vec<Frame>> {
    let own = id.sender().context("can_id is not between charger and BMS")?;
    let size = u16::try_from(payload.len()).unwrap_or(u16::MAX);
    let now = Instant::default();
    let timing = Timing { spacing: 0, ..Timing::STANDARD };
    let mut sender = Sender::new(own, timing);
    let mut receiver = Receiver::new(own.peer(), timing);
    let mut memory = [0; LONGEST as usize];
    let pgn = u32::from(id.pf()) << 8;
    ensure!(
        sender.start(now, pgn, size),
        "{size} bytes do not go through the transport protocol (9 to {LONGEST})"
    );
    let mut frames = Vec::new();
    while let Some(frame) = sender.poll_transmit(now, payload) {
        frames.push(frame);
        receiver.handle_frame(now, &frame, &mut memory);
        if let Some(answer) = receiver.poll_transmit() {
            frames.push(answer);
            sender.handle_frame(now, &answer);
        }
    }
    Ok(frames)
}

/// The payload from the raw values in `fields`: as long as its last field.
fn payload_of_fields(line: &Value, id: CanId) -> anyhow::Result<Vec<u8>> {
    let kind = match line["message"].as_str() {
        Some(code) => kind_of(code)?,
        None => MessageKind::of(id)?,
    };
    let edition = match &line["edition"] {
        Value::Null => Edition::default(),
        year => year
            .as_str()
            .and_then(|text| text.parse().ok())
            .or_else(|| year.as_u64().and_then(|y| y.try_into().ok()))
            .and_then(Edition::from_year)
            .with_context(|| format!("no edition {year}"))?,
    };
    let fields = &line["fields"];
    ensure!(fields.is_object(), "neither payload_hex nor fields");
    let mut payload = vec![0xFF; LONGEST.into()];
    let mut len = 0;
    for field in kind.info().fields {
        let end = put(field, fields, edition, &mut payload)
            .with_context(|| format!("field {}", field.name))?;
        len = len.max(end);
    }
    payload.truncate(len);
    if let Some(rest) = fields["remainder_hex"].as_str() {
        payload.extend(parse_hex(rest).context("remainder_hex")?);
    }
    Ok(payload)
}

/// Puts a field and gives where it ends, 0 if it is not there.
fn put(
    field: &Field,
    fields: &Value,
    edition: Edition,
    payload: &mut [u8],
) -> anyhow::Result<usize> {
    let Some(position) = field.position_in(edition) else { return Ok(0) };
    if field.repeat > 1 {
        return put_list(field, fields, edition, payload);
    }
    let key = |ending: &str| &fields[format!("{}{ending}", field.name)];
    let plain = key("");
    let mut bytes = Vec::new();
    let number = match field.shape {
        Shape::Quantity(_) | Shape::Ordinal if plain.is_object() => Some(number(&plain["raw"])?),
        Shape::Count if plain.is_null() && fields.get(field.name).is_some() => Some(0xFF_FFFF),
        Shape::Quantity(_)
        | Shape::Ordinal
        | Shape::Count
        | Shape::Number
        | Shape::Code(_)
        | Shape::Trouble => {
            if plain.is_null() {
                None
            } else {
                Some(number(plain)?)
            }
        }
        Shape::Serial => {
            if key("_raw").is_null() {
                None
            } else {
                Some(number(key("_raw"))?)
            }
        }
        Shape::Cell(_) => match key("_raw") {
            Value::Null => match (&key("_voltage")["raw"], key("_group")) {
                (Value::Null, _) => None,
                (raw, group) => Some((number(raw)? & 0xFFF) | ((number(group)? & 15) << 12)),
            },
            raw => Some(number(raw)?),
        },
        Shape::Bytes => {
            if let Some(digits) = key("_hex").as_str() {
                bytes = parse_hex(digits)?;
            }
            None
        }
        Shape::Text => {
            if fields.get(field.name).is_some() {
                bytes = plain
                    .as_str()
                    .map_or(Ok(vec![0xFF; usize::from(position.width / 8)]), unescape)?;
            }
            None
        }
        Shape::Date => {
            if let Some(parts) = key("_raw").as_array() {
                bytes = parts.iter().map(byte).collect::<anyhow::Result<_>>()?;
            }
            None
        }
        Shape::Clock => {
            bytes = clock(fields)?;
            None
        }
    };
    let value = match number {
        Some(raw) => Raw::Number(raw),
        None if bytes.is_empty() => return Ok(0),
        None => Raw::Bytes(&bytes),
    };
    field.put(payload, edition, 0, value)?;
    Ok(position.end())
}

fn put_list(
    field: &Field,
    fields: &Value,
    edition: Edition,
    payload: &mut [u8],
) -> anyhow::Result<usize> {
    if matches!(field.shape, Shape::Bytes) {
        let Some(digits) = fields[format!("{}_hex", field.name)].as_str() else { return Ok(0) };
        let bytes = parse_hex(digits)?;
        ensure!(bytes.len() <= payload.len(), "{} bytes", bytes.len());
        payload[..bytes.len()].copy_from_slice(&bytes);
        return Ok(bytes.len());
    }
    let Some(items) = fields[field.name].as_array() else { return Ok(0) };
    ensure!(items.len() <= field.repeat.into(), "{} items, at most {}", items.len(), field.repeat);
    for (index, item) in items.iter().enumerate() {
        let raw = match field.shape {
            Shape::Cell(_) => {
                (number(&item["raw"])? & 0xFFF) | ((number(&item["group"])? & 15) << 12)
            }
            Shape::Quantity(scale) if !item.is_null() => {
                let value = item.as_i64().context("no whole number")? - i64::from(scale.offset);
                u32::try_from(value).context("below the range")?
            }
            Shape::Quantity(_) => 0xFF,
            _ => number(&item["raw"])?,
        };
        field.put(payload, edition, u16::try_from(index)?, Raw::Number(raw))?;
    }
    Ok(items.len() * usize::from(field.position.width / 8))
}

fn number(value: &Value) -> anyhow::Result<u32> {
    value
        .as_u64()
        .and_then(|n| n.try_into().ok())
        .with_context(|| format!("{value} is no raw number"))
}

fn byte(value: &Value) -> anyhow::Result<u8> {
    number(value)?.try_into().with_context(|| format!("{value} is no byte"))
}

/// `bcd_raw_hex`, or the parts of the time, or `{"time": null}`.
fn clock(fields: &Value) -> anyhow::Result<Vec<u8>> {
    if let Some(digits) = fields["bcd_raw_hex"].as_str() {
        return parse_hex(digits);
    }
    if fields["year"].is_null() {
        return Ok(if fields.get("time").is_some() { vec![0xFF; 7] } else { Vec::new() });
    }
    let part = |name: &str| byte(&fields[name]).with_context(|| name.to_owned());
    let year = u16::try_from(number(&fields["year"])?)?;
    let time = evse_gbt27930::text::BcdTime::new(
        year,
        part("month")?,
        part("day")?,
        part("hour")?,
        part("minute")?,
        part("second")?,
    );
    Ok(time.context("a part of the time has too many digits")?.as_bytes().to_vec())
}

/// Text with `\xNN` for bytes that are not printable.
fn unescape(text: &str) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if let Some(digits) = rest.strip_prefix("\\x").and_then(|r| r.get(..2)) {
            bytes.extend(parse_hex(digits)?);
            rest = &rest[4..];
        } else {
            ensure!(first.is_ascii(), "{first:?} is not ASCII");
            bytes.push(first as u8);
            rest = &rest[1..];
        }
    }
    Ok(bytes)
}
