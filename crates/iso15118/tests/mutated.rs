//! What is near a right message: every shared vector cut at every octet, with every bit changed, and with octets behind it;
//! and every value of the types that are read in one window. The typed decoders and the walker over the tables give the
//! same values or refuse with the same error, and what is accepted encodes to the same octets.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "tests"
)]

mod leaves;
mod shared;
mod vector;

use evse_iso15118::codec::{TypeInfo, Writer};
use evse_iso15118::message::{iso2, iso20_dc};
use evse_iso15118::{DecodeErrorKind, EncodeErrorKind, Form, Leniency, SchemaSet, reencode};

/// Whether the octets are accepted; they then come back, unless a text is shorter than it may be sent.
fn check(set: SchemaSet, form: Form, octets: &[u8]) -> bool {
    let seen = leaves::of(set, form, octets);
    let mut again = vec![0; octets.len() + 64];
    match (seen, reencode(set, form, octets, Leniency::STRICT, &mut again)) {
        (Ok(_), Ok(Ok(length))) => {
            // The other coding of a fragment of `eMAID` is read and not written.
            let emaid = set == SchemaSet::Iso2 && form == Form::Fragment && octets[1] == 0xec;
            assert!(again[..length] == *octets || emaid, "{} {octets:02x?}", set.name());
            true
        }
        (Ok(_), Ok(Err(error))) => {
            let short =
                matches!(error.kind(), EncodeErrorKind::ShortText | EncodeErrorKind::Length { .. });
            assert!(short, "{error} {octets:02x?}");
            true
        }
        (Err(error), Err(same)) => {
            assert_eq!(error, same);
            assert!(error.bit() as usize <= octets.len() * 8, "{error}");
            // The path ends in a type, unless the root is none.
            let rooted = !matches!(
                error.kind(),
                DecodeErrorKind::Header { .. }
                    | DecodeErrorKind::UnknownRoot { .. }
                    | DecodeErrorKind::Truncated
            );
            assert!(!rooted || error.field().is_some(), "{error}");
            assert!(!error.to_string().is_empty());
            false
        }
        (seen, again) => panic!("{:?} {again:?} {octets:02x?}", seen.err()),
    }
}

#[test]
fn near_every_vector() {
    let (mut accepted, mut refused) = (0_u32, 0_u32);
    let mut count = |accepts: bool| *(if accepts { &mut accepted } else { &mut refused }) += 1;
    for file in vector::RIGHT {
        for vector in vector::lines(file) {
            let octets = hex::decode(vector["exi_hex"].as_str().unwrap()).unwrap();
            let (set, form) = vector::grammar(&vector);
            assert!(check(set, form, &octets), "{}", vector["id"]);
            // Of the longest, a part.
            let step = octets.len().div_ceil(200);
            for length in (0..octets.len()).step_by(step) {
                assert!(!check(set, form, &octets[..length]), "{} {length}", vector["id"]);
            }
            for bit in (0..octets.len() * 8).step_by(step * step) {
                let mut changed = octets.clone();
                changed[bit / 8] ^= 0x80 >> (bit % 8);
                count(check(set, form, &changed));
            }
            for behind in [&[0][..], &[0xff], &[0, 0]] {
                let longer = [&octets, behind].concat();
                assert!(!check(set, form, &longer), "{}", vector["id"]);
                let lenient = Leniency::STRICT.with_trailing_zero();
                let read = reencode(set, form, &longer, lenient, &mut vec![0; longer.len() + 64]);
                assert_eq!(read.is_ok(), behind == [0], "{}", vector["id"]);
            }
        }
    }
    println!("{accepted} accepted, {refused} refused");
}

/// A fragment of an element with bits of the caller's.
fn fragment(set: SchemaSet, name: &str, bits: &[(u64, u32)]) -> Vec<u8> {
    let elements = set.elements();
    let code = elements.iter().position(|element| element.name == name).expect("an element");
    assert!(matches!(elements[code].info, Some(TypeInfo::Complex { .. })));
    let width = usize::BITS - (elements.len() + 2).leading_zeros();
    let mut buffer = vec![0; 64];
    let mut writer = Writer::new(&mut buffer);
    writer.bits(0x80, 8);
    writer.bits(code as u64, width);
    for (value, width) in bits {
        writer.bits(*value, *width);
    }
    writer.bits(elements.len() as u64 + 1, width);
    let length = writer.finish().unwrap();
    buffer.truncate(length);
    buffer
}

/// An unsigned integer as octets, with so many superfluous ones: a value for `Writer::bits` and its width.
fn unsigned(mut value: u64, superfluous: u32) -> (u64, u32) {
    let (mut octets, mut width) = (0, 0);
    loop {
        let more = value >= 0x80 || superfluous > 0 && width < superfluous * 8;
        octets = octets << 8 | value & 0x7f | if more { 0x80 } else { 0 };
        width += 8;
        value >>= 7;
        if !more {
            return (octets, width);
        }
    }
}

/// A physical value of 17 bits with the integer and the rest of its type.
fn physical(multiplier: u64, unit: u64, negative: u64, octets: (u64, u32)) -> Vec<(u64, u32)> {
    vec![(0, 2), (multiplier, 3), (0, 3), (unit, 3), (0, 3), (negative, 1), octets, (0, 2)]
}

#[test]
fn every_physical_value() {
    let parameter = |value: &[(u64, u32)]| {
        // A status without error, the value at hand, another value.
        let status = [(0, 3), (0, 8), (0, 3), (0, 2), (0, 3), (0, 1), (0, 3)];
        let other = physical(3, 3, 0, (16, 8));
        let bits = [&status[..], value, &[(0, 1)], &other, &[(0, 1)]].concat();
        fragment(SchemaSet::Iso2, "AC_EVSEChargeParameter", &bits)
    };
    let set = (SchemaSet::Iso2, Form::Fragment);
    for value in i16::MIN..=i16::MAX {
        let magnitude = if value < 0 { !value } else { value } as u64;
        let octets = parameter(&physical(5, 4, u64::from(value < 0), unsigned(magnitude, 0)));
        assert!(check(set.0, set.1, &octets));
        let element = iso2::element::AC_EVSE_CHARGE_PARAMETER;
        let seen = element.decode(&octets, Form::Fragment, Leniency::STRICT).unwrap();
        assert_eq!(seen.evse_nominal_voltage.value, value);
        assert_eq!(seen.evse_nominal_voltage.multiplier, 2);
    }
    for head in 0..64 {
        for (negative, magnitude, superfluous) in [
            (0, 5, 0),
            (1, 300, 0),
            (0, 5, 1),
            (0, 300, 2),
            (1, 20_000, 0),
            (0, 32_768, 0),
            (1, 1 << 40, 0),
        ] {
            let octets = unsigned(magnitude, superfluous);
            let value = physical(head >> 3, head & 7, negative, octets);
            let right = head >> 3 < 7 && head & 7 < 7 && superfluous == 0 && magnitude < 32_768;
            assert_eq!(check(set.0, set.1, &parameter(&value)), right, "{value:?}");
        }
    }
}

#[test]
fn every_schedule_entry() {
    let values = [0, 1, 127, 128, 3_600, 16_383, 16_384, 86_400, 86_401, 2_097_151, 2_097_152];
    let values = values.into_iter().chain([16_777_214, 16_777_215, 1 << 33]);
    let integers: Vec<_> = values
        .flat_map(|value| [(value, unsigned(value, 0)), (u64::MAX, unsigned(value, 2))])
        .collect();
    let pmax = [(0, 0), (1, 11_000), (1, 32_767), (0, 32_768)];
    let mut right = 0;
    for (start, start_octets) in &integers {
        for duration in integers.iter().map(Some).chain([None]) {
            for (negative, power) in pmax {
                let mut bits = vec![(0, 4), *start_octets, (0, 1)];
                match duration {
                    Some((_, octets)) => bits.extend([(0, 3), *octets, (0, 2)]),
                    None => bits.push((1, 2)),
                }
                bits.push((0, 1));
                bits.extend(physical(3, 5, negative, unsigned(power, 0)));
                bits.push((0, 1));
                let octets = fragment(SchemaSet::Iso2, "PMaxScheduleEntry", &bits);
                // A superfluous octet of a large number is none.
                let plain = |value: &u64, octets: &(u64, u32)| {
                    *value <= 16_777_214 || unsigned(16_777_214, 0) == *octets
                };
                let accepted = check(SchemaSet::Iso2, Form::Fragment, &octets);
                if plain(start, start_octets)
                    && duration.is_none_or(|(value, _)| *value <= 86_400)
                    && power < 32_768
                {
                    assert!(accepted, "{octets:02x?}");
                }
                if let Ok(entry) = iso2::element::PMAX_SCHEDULE_ENTRY.decode(
                    &octets,
                    Form::Fragment,
                    Leniency::STRICT,
                ) {
                    let iso2::TimeInterval::RelativeTimeInterval(interval) = entry.time_interval;
                    assert!(*start == u64::MAX || u64::from(interval.start) == *start);
                    right += 1;
                }
                // Every event bit is looked at.
                for bit in (17..octets.len() * 8).step_by(if power == 0 { 1 } else { 5 }) {
                    let mut changed = octets.clone();
                    changed[bit / 8] ^= 0x80 >> (bit % 8);
                    check(SchemaSet::Iso2, Form::Fragment, &changed);
                }
            }
        }
    }
    assert!(right > 100);
}

#[test]
fn every_rational_number() {
    let mode = |value: &[(u64, u32)]| {
        // Without the first three, the value at hand, a second one, the end.
        let second = [(0, 2), (128, 8), (0, 3), (0, 1), (7, 8), (0, 2)];
        let bits = [&[(3, 3)][..], value, &[(0, 1)], &second, &[(5, 3)]].concat();
        fragment(SchemaSet::Iso20Dc, "Scheduled_DC_CLReqControlMode", &bits)
    };
    let value = |exponent: u64, negative: u64, octets| {
        [(0, 2), (exponent, 8), (0, 3), (negative, 1), octets, (0, 2)]
    };
    for number in i16::MIN..=i16::MAX {
        let magnitude = if number < 0 { !number } else { number } as u64;
        let number_bits = value(131, u64::from(number < 0), unsigned(magnitude, 0));
        let octets = mode(&number_bits);
        assert!(check(SchemaSet::Iso20Dc, Form::Fragment, &octets));
        let element = iso20_dc::element::SCHEDULED_DC_CL_REQ_CONTROL_MODE;
        let seen = element.decode(&octets, Form::Fragment, Leniency::STRICT).unwrap();
        assert_eq!((seen.ev_target_current.value, seen.ev_target_current.exponent), (number, 3));
    }
    for exponent in 0..256 {
        for (magnitude, superfluous) in [(7, 0), (7, 1), (1_000, 0), (32_767, 0), (32_768, 0)] {
            let octets = mode(&value(exponent, 0, unsigned(magnitude, superfluous)));
            let right = superfluous == 0 && magnitude < 32_768;
            assert_eq!(check(SchemaSet::Iso20Dc, Form::Fragment, &octets), right);
        }
    }
}
