//! A schedule with price levels: what a host sends itself, for the typed engine has schedules without prices.

use evse_iso15118::message::iso20::{self as m, Message};
use evse_iso15118::message::iso20_types::{
    MessageHeader, Processing, RationalNumber, ResponseCode,
};
use evse_iso15118::session::Schedule;
use evse_iso15118::{Bytes, EncodeError, List, View};

/// `ScheduleExchangeRes` with one step of so many kilowatts for a day, at one price.
///
/// # Errors
/// The buffer is too short.
pub fn one_step(
    session_id: &[u8; 8],
    seconds: u64,
    kilowatts: i16,
    out: &mut [u8],
) -> Result<usize, EncodeError> {
    let day = 86_400;
    let entry = m::PowerScheduleEntry {
        duration: day,
        power: RationalNumber { exponent: 3, value: kilowatts },
        power_l2: None,
        power_l3: None,
    };
    let (entries, level) =
        ([entry], [m::PriceLevelScheduleEntry { duration: day, price_level: 0 }]);
    let prices = m::PriceLevelSchedule {
        id: None,
        time_anchor: seconds,
        price_schedule_id: 1,
        price_schedule_description: None,
        number_of_price_levels: 1,
        price_level_schedule_entries: m::PriceLevelScheduleEntryList {
            price_level_schedule_entry: List::new(&level),
        },
    };
    let charging_schedule = m::ChargingSchedule {
        power_schedule: m::PowerSchedule {
            time_anchor: seconds,
            available_energy: None,
            power_tolerance: None,
            power_schedule_entries: m::PowerScheduleEntryList {
                power_schedule_entry: List::new(&entries),
            },
        },
        choice: Some(m::ChargingScheduleChoice::PriceLevelSchedule(View::new(&prices))),
    };
    let tuples = [m::ScheduleTuple {
        schedule_tuple_id: u32::from(Schedule::TUPLE_ID),
        charging_schedule: View::new(&charging_schedule),
        discharging_schedule: None,
    }];
    let mode = m::ScheduledSeResControlMode { schedule_tuple: List::new(&tuples) };
    let response = m::ScheduleExchangeRes {
        header: MessageHeader {
            session_id: Bytes::new(session_id),
            time_stamp: seconds,
            signature: None,
        },
        response_code: ResponseCode::Ok,
        evse_processing: Processing::Finished,
        go_to_pause: None,
        choice: m::ScheduleExchangeResChoice::ScheduledSeResControlMode(mode),
    };
    m::encode(&Message::ScheduleExchangeRes(response), out)
}
