//! The billing model and the transaction record of the YunKuaiChong family (云快充 1.5/1.6, and `OpenUC`, which is wire-compatible).
//!
//! Frames: `0x68`, length (bytes from the sequence number to the end of the body), sequence number (2), encryption flag, type, body,
//! and a CRC-16/MODBUS, low byte first. All numbers little-endian, numbers of piles and cards BCD. Here are the bodies that carry
//! money: the billing model (types 0x0A and 0x58) and the transaction record (0x3B).
//!
//! Public codes disagree on 计损电量: most take it as energy × (1 + loss) and bill it, as here; one firmware takes it as the loss alone.

use crate::quantity::{MicroWattHours, Money, PricePerKwh};
use crate::time::{DAY_MILLIS, Date, Timestamp, Zone};
use crate::tou::{Band, DayTable, Rate};

/// Why bytes were not a frame of that kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// Fewer bytes than the frame has.
    #[error("need {need} bytes, got {got}")]
    Truncated {
        /// Bytes needed.
        need: usize,
        /// Bytes given.
        got: usize,
    },
    /// More bytes than the frame and its CRC have.
    #[error("{extra} bytes after the frame")]
    TrailingBytes {
        /// How many.
        extra: usize,
    },
    /// The first byte is not 0x68.
    #[error("start byte {found:#04x}")]
    Start {
        /// The byte.
        found: u8,
    },
    /// The frame is of another type.
    #[error("frame type {found:#04x}")]
    Type {
        /// The type byte.
        found: u8,
    },
    /// The body is encrypted; keys are the caller's.
    #[error("encryption flag {flag:#04x}")]
    Encrypted {
        /// The flag.
        flag: u8,
    },
    /// The CRC is not that of the bytes.
    #[error("crc {found:#06x}, not {expected:#06x}")]
    Crc {
        /// CRC in the frame.
        found: u16,
        /// CRC of its bytes.
        expected: u16,
    },
    /// A half hour has a rate that the model does not have.
    #[error("half hour {slot} has rate {rate}")]
    UnknownRate {
        /// The half hour, from 0.
        slot: usize,
        /// Its rate.
        rate: u8,
    },
    /// A BCD field has a digit above 9.
    #[error("byte {at} is not BCD: {found:#04x}")]
    NotBcd {
        /// Offset in the body.
        at: usize,
        /// The byte.
        found: u8,
    },
}

const _: () = assert!(size_of::<DecodeError>() <= 32);

/// Names of the four rates, in the order of their numbers.
pub const BANDS: [Band; 4] = [Band::Sharp, Band::Peak, Band::Flat, Band::Valley];

/// A billing model with four rates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BillingModel {
    /// Number of the pile, 14 BCD digits.
    pub pile: [u8; 7],
    /// Number of the model, 4 BCD digits.
    pub model: [u8; 2],
    /// Sharp, peak, flat, valley.
    pub rates: [Rate; 4],
    /// Loss in percent (计损比例).
    pub loss_percent: u8,
    /// Rate of each half hour from local midnight.
    pub slots: [u8; 48],
}

/// Length of a billing model's body.
pub const BILLING_MODEL_LEN: usize = 90;

/// Checks a frame's head and, if it is there, its CRC; gives the body.
///
/// # Errors
/// [`DecodeError`].
pub fn frame_body<'a>(frame: &'a [u8], types: &[u8]) -> Result<&'a [u8], DecodeError> {
    let got = frame.len();
    let truncated = |need| DecodeError::Truncated { need, got };
    let (&[start, length, _, _, flag, kind], rest) =
        frame.split_first_chunk::<6>().ok_or(truncated(6))?;
    if start != 0x68 {
        return Err(DecodeError::Start { found: start });
    }
    if !types.contains(&kind) {
        return Err(DecodeError::Type { found: kind });
    }
    if flag != 0 {
        return Err(DecodeError::Encrypted { flag });
    }
    let body_length = usize::from(length).saturating_sub(4);
    let (body, tail) = rest.split_at_checked(body_length).ok_or(truncated(6 + body_length))?;
    match *tail {
        [] => Ok(body),
        [low, high] => {
            let covered = frame.get(2..6 + body_length).unwrap_or_default();
            let (found, expected) = (u16::from_le_bytes([low, high]), crc(covered));
            if found == expected { Ok(body) } else { Err(DecodeError::Crc { found, expected }) }
        }
        _ => Err(DecodeError::TrailingBytes { extra: tail.len() }),
    }
}

/// CRC-16/MODBUS. The document names another polynomial, but its own listing and every implementation seen use this one.
#[must_use]
pub fn crc(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xffff, |crc, byte| {
        (0..8).fold(crc ^ u16::from(*byte), |crc, _| {
            if crc & 1 == 0 { crc >> 1 } else { (crc >> 1) ^ 0xa001 }
        })
    })
}

/// Takes bytes from the front of a body whose length has been checked.
struct Fields<'a> {
    rest: &'a [u8],
    at: usize,
}

impl Fields<'_> {
    fn take<const N: usize>(&mut self) -> [u8; N] {
        let Some((field, rest)) = self.rest.split_first_chunk::<N>() else { return [0; N] };
        self.rest = rest;
        self.at += N;
        *field
    }

    fn bcd<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        let from = self.at;
        let field = self.take::<N>();
        match field.iter().position(|byte| byte >> 4 > 9 || byte & 15 > 9) {
            Some(at) => Err(DecodeError::NotBcd {
                at: from + at,
                found: field.get(at).copied().unwrap_or(0),
            }),
            None => Ok(field),
        }
    }

    fn u32(&mut self) -> u32 {
        u32::from_le_bytes(self.take())
    }
}

impl BillingModel {
    /// Decodes a frame of type 0x0A or 0x58, with or without its CRC.
    ///
    /// # Errors
    /// [`DecodeError`].
    pub fn decode(frame: &[u8]) -> Result<Self, DecodeError> {
        let body = frame_body(frame, &[0x0a, 0x58])?;
        check_length(body, BILLING_MODEL_LEN)?;
        let mut fields = Fields { rest: body, at: 0 };
        let (pile, model) = (fields.bcd()?, fields.bcd()?);
        // Five decimals, that is tens of 10⁻⁶.
        let mut price = || PricePerKwh::from_raw(i64::from(fields.u32()) * 10);
        let rates = BANDS.map(|band| {
            let (electricity, service) = (price(), price());
            Rate { band, electricity, service }
        });
        let [loss_percent] = fields.take();
        let slots: [u8; 48] = fields.take();
        if let Some(slot) = slots.iter().position(|rate| *rate > 3) {
            let rate = slots.get(slot).copied().unwrap_or(0);
            return Err(DecodeError::UnknownRate { slot, rate });
        }
        Ok(Self { pile, model, rates, loss_percent, slots })
    }

    /// Encodes the body. `None` if a price is not a whole number of 0.00001 or beyond 32 bits.
    #[must_use]
    pub fn encode_body(&self) -> Option<[u8; BILLING_MODEL_LEN]> {
        let mut body = [0; BILLING_MODEL_LEN];
        let mut out = body.iter_mut();
        let mut put = |bytes: &[u8]| bytes.iter().zip(&mut out).for_each(|(from, to)| *to = *from);
        put(&self.pile);
        put(&self.model);
        for rate in &self.rates {
            for price in [rate.electricity, rate.service] {
                let wire = (price.raw() % 10 == 0).then_some(price.raw() / 10)?;
                put(&u32::try_from(wire).ok()?.to_le_bytes());
            }
        }
        put(&[self.loss_percent]);
        put(&self.slots);
        Some(body)
    }

    /// The day table of the model; its rates are [`BillingModel::rates`].
    #[must_use]
    pub const fn day_table(&self) -> DayTable {
        DayTable::from_half_hours(self.slots)
    }
}

fn check_length(body: &[u8], need: usize) -> Result<(), DecodeError> {
    let got = body.len();
    match got.checked_sub(need) {
        Some(0) => Ok(()),
        Some(extra) => Err(DecodeError::TrailingBytes { extra }),
        None => Err(DecodeError::Truncated { need, got }),
    }
}

/// What a transaction record says of one rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RecordLine {
    /// Electricity and service fee together.
    pub price: PricePerKwh,
    /// Energy metered.
    pub energy: MicroWattHours,
    /// Energy billed (计损电量).
    pub billed_energy: MicroWattHours,
    /// Amount.
    pub amount: Money,
}

/// The money part of a transaction record (0x3B). Identifiers (VIN, card) are not taken out of the frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TransactionRecord {
    /// Serial number, 32 BCD digits: the key under which a record counts once. Piles send a record again until it is confirmed.
    pub serial: [u8; 16],
    /// Number of the pile.
    pub pile: [u8; 7],
    /// Number of the gun.
    pub gun: u8,
    /// Begin and end by the pile's local clock, as milliseconds since 1970 read as if it were UTC; see
    /// [`TransactionRecord::instant`]. `None` for a date that does not exist.
    pub start_local: Option<i64>,
    /// End.
    pub end_local: Option<i64>,
    /// Sharp, peak, flat, valley.
    pub lines: [RecordLine; 4],
    /// Register at the begin.
    pub register_start: MicroWattHours,
    /// Register at the end.
    pub register_end: MicroWattHours,
    /// Energy metered.
    pub energy: MicroWattHours,
    /// Energy billed.
    pub billed_energy: MicroWattHours,
    /// Amount.
    pub amount: Money,
    /// How it was started: 1 app, 2 card, 4 offline card, 5 VIN.
    pub trade_kind: u8,
    /// Why it stopped.
    pub stop_reason: u8,
}

/// Length of a transaction record's body.
pub const TRANSACTION_RECORD_LEN: usize = 158;

bitflags::bitflags! {
    /// What does not fit together in a transaction record.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub struct RecordFaults: u8 {
        /// The energies of the rates do not add up.
        const ENERGY_SUM = 1;
        /// The billed energies of the rates do not add up.
        const BILLED_SUM = 1 << 1;
        /// The amounts of the rates do not add up.
        const AMOUNT_SUM = 1 << 2;
        /// The registers do not differ by the energy.
        const REGISTERS = 1 << 3;
        /// Some rate's amount is not billed energy × price, to four decimals half-up or cut off.
        const AMOUNT_OF_RATE = 1 << 4;
        /// It ends before it begins, or a time is no time.
        const TIMES = 1 << 5;
    }
}

impl TransactionRecord {
    /// Decodes a frame of type 0x3B, with or without its CRC.
    ///
    /// # Errors
    /// [`DecodeError`].
    pub fn decode(frame: &[u8]) -> Result<Self, DecodeError> {
        let body = frame_body(frame, &[0x3b])?;
        check_length(body, TRANSACTION_RECORD_LEN)?;
        let mut fields = Fields { rest: body, at: 0 };
        // Four decimals of a kWh are 10⁵ µWh, of a yuan 100 micro-units.
        let energy = |raw: u32| MicroWattHours::from_raw(i64::from(raw) * 100_000);
        let money = |raw: u32| Money::from_raw(i64::from(raw) * 100);
        let (serial, pile) = (fields.bcd()?, fields.bcd()?);
        let [gun] = fields.take();
        let (start_local, end_local) = (cp56(fields.take()), cp56(fields.take()));
        let lines = [(); 4].map(|()| RecordLine {
            price: PricePerKwh::from_raw(i64::from(fields.u32()) * 10),
            energy: energy(fields.u32()),
            billed_energy: energy(fields.u32()),
            amount: money(fields.u32()),
        });
        let mut register = || {
            let [a, b, c, d, e] = fields.take();
            let raw = i64::from_le_bytes([a, b, c, d, e, 0, 0, 0]);
            MicroWattHours::from_raw(raw * 100_000)
        };
        let (register_start, register_end) = (register(), register());
        let (total, billed_energy) = (energy(fields.u32()), energy(fields.u32()));
        let amount = money(fields.u32());
        let _vin: [u8; 17] = fields.take();
        let [trade_kind] = fields.take();
        let _trade_time: [u8; 7] = fields.take();
        let [stop_reason] = fields.take();
        Ok(Self {
            serial,
            pile,
            gun,
            start_local,
            end_local,
            lines,
            register_start,
            register_end,
            energy: total,
            billed_energy,
            amount,
            trade_kind,
            stop_reason,
        })
    }

    /// What does not fit together.
    #[must_use]
    pub fn faults(&self) -> RecordFaults {
        let sum =
            |of: fn(&RecordLine) -> i64| self.lines.iter().map(of).fold(0i64, i64::saturating_add);
        let mut faults = RecordFaults::empty();
        faults.set(RecordFaults::ENERGY_SUM, sum(|line| line.energy.raw()) != self.energy.raw());
        faults.set(
            RecordFaults::BILLED_SUM,
            sum(|line| line.billed_energy.raw()) != self.billed_energy.raw(),
        );
        faults.set(RecordFaults::AMOUNT_SUM, sum(|line| line.amount.raw()) != self.amount.raw());
        let grown = self.register_end.checked_sub(self.register_start);
        faults.set(RecordFaults::REGISTERS, grown != Some(self.energy));
        faults.set(RecordFaults::AMOUNT_OF_RATE, !self.lines.iter().all(RecordLine::is_consistent));
        let ordered = self.start_local.zip(self.end_local).is_some_and(|(start, end)| start <= end);
        faults.set(RecordFaults::TIMES, !ordered);
        faults
    }

    /// A local time of the record as an instant, in the zone of the station (China: [`FixedOffset::CHINA`](crate::FixedOffset)).
    #[must_use]
    pub fn instant<Z: Zone>(local: i64, zone: &Z) -> Timestamp {
        let offset = zone.offset_at(Timestamp::from_unix_millis(local)).offset_seconds;
        Timestamp::from_unix_millis(local).saturating_add_millis(-i64::from(offset) * 1_000)
    }
}

impl RecordLine {
    /// Billed energy × price is the amount, half-up or cut off at four decimals.
    fn is_consistent(&self) -> bool {
        // µWh × 10⁻⁶ per kWh is 10⁻¹⁵ of the currency unit; 0.0001 of it is 10¹¹.
        const STEP: i128 = 100_000_000_000;
        let exact = i128::from(self.billed_energy.raw()) * i128::from(self.price.raw());
        let amount = i128::from(self.amount.raw()) / 100;
        let (cut, rest) = (exact / STEP, exact % STEP);
        amount == cut || (rest * 2 >= STEP && amount == cut + 1)
    }
}

/// `CP56Time2a` as milliseconds of the local clock.
fn cp56(bytes: [u8; 7]) -> Option<i64> {
    let [low, high, minute, hour, day, month, year] = bytes;
    let date = Date::new(2_000 + i32::from(year & 0x7f), month & 0x0f, day & 0x1f)?;
    let (minute, hour) = (i64::from(minute & 0x3f), i64::from(hour & 0x1f));
    let millis = i64::from(u16::from_le_bytes([low, high]));
    let valid = minute < 60 && hour < 24 && millis < 60_000;
    let of_day = (hour * 60 + minute) * 60_000 + millis;
    valid.then(|| date.unix_days().saturating_mul(DAY_MILLIS).saturating_add(of_day))
}

#[cfg(test)]
mod tests {
    use alloc::vec;
    use alloc::vec::Vec;

    use super::*;

    /// The reference tariff SZ-Z22 as a frame with its CRC, made by the rules in the module's text.
    const FRAME: &str = "685E250000585503141278230501000E450200E0280100D8D00100E0280100B0300100E028010090650000E02801000003030303030303030303030303030303020202020101010102020202010101010101010101010202020202020202020278 1A";

    fn unhex(text: &str) -> Vec<u8> {
        let digits: Vec<u8> =
            text.chars().filter_map(|c| c.to_digit(16)).map(|d| u8::try_from(d).unwrap()).collect();
        digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
    }

    #[test]
    fn a_model_round_trips() {
        let frame = unhex(FRAME);
        let model = BillingModel::decode(&frame).unwrap();
        assert_eq!(model.rates[3].electricity, "0.26".parse().unwrap());
        assert_eq!(model.rates[0].service, "0.76".parse().unwrap());
        assert_eq!(model.day_table().at(480), (2, 600));
        assert_eq!(model.encode_body().unwrap(), frame[6..96]);
        assert_eq!(BillingModel::decode(&frame[..96]), Ok(model), "without its CRC");
    }

    #[test]
    fn what_is_wrong_is_named() {
        let frame = unhex(FRAME);
        let change = |at: usize, value: u8| {
            let mut frame = frame[..96].to_vec();
            frame[at] = value;
            BillingModel::decode(&frame).unwrap_err()
        };
        assert_eq!(change(0, 0x69), DecodeError::Start { found: 0x69 });
        assert_eq!(change(5, 0x3b), DecodeError::Type { found: 0x3b });
        assert_eq!(change(4, 1), DecodeError::Encrypted { flag: 1 });
        assert_eq!(change(6, 0x5a), DecodeError::NotBcd { at: 0, found: 0x5a });
        assert_eq!(change(95, 4), DecodeError::UnknownRate { slot: 47, rate: 4 });
        let mut wrong = frame.clone();
        wrong[97] ^= 1;
        assert!(matches!(BillingModel::decode(&wrong), Err(DecodeError::Crc { .. })));
        for length in 0..96 {
            assert!(matches!(
                BillingModel::decode(&frame[..length]),
                Err(DecodeError::Truncated { .. })
            ));
        }
    }

    #[test]
    fn a_record_is_checked() {
        let mut body = vec![0; 158];
        // 2020-03-16 17:14:47 to 17:44:47.
        body[24..31].copy_from_slice(&[0x98, 0xb7, 0x0e, 0x11, 0x10, 0x03, 0x14]);
        body[31..38].copy_from_slice(&[0x98, 0xb7, 0x2c, 0x11, 0x10, 0x03, 0x14]);
        let mut put =
            |at: usize, value: u32| body[at..at + 4].copy_from_slice(&value.to_le_bytes());
        // Flat: 1.10432 × 3.5 kWh = 3.86512.
        put(70, 110_432);
        put(74, 35_000);
        put(78, 35_000);
        put(82, 38_651);
        put(107, 0);
        put(112, 35_000);
        put(116, 35_000);
        put(120, 38_651);
        body[102..107].copy_from_slice(&[0, 0, 0, 0, 0]);
        body[107..112].copy_from_slice(&[0xb8, 0x88, 0, 0, 0]);
        let mut frame = vec![0x68, 162, 0, 0, 0, 0x3b];
        frame.extend(&body);
        let record = TransactionRecord::decode(&frame).unwrap();
        assert_eq!(record.faults(), RecordFaults::empty());
        let start =
            TransactionRecord::instant(record.start_local.unwrap(), &crate::FixedOffset::CHINA);
        assert_eq!(alloc::format!("{start}"), "2020-03-16T09:14:47Z");
        frame[6 + 120] = 0;
        let faults = TransactionRecord::decode(&frame).unwrap().faults();
        assert_eq!(faults, RecordFaults::AMOUNT_SUM);
    }
}
