//! The session on the CAN bus between charger and vehicle (GB/T 27930-2015): recognition, battery parameters, demand and
//! state while charging, the stop, and the statistics of both sides.
//!
//! Energy is told by CSD in 0.1 kWh, state of charge by BCS and BSD in whole percent, who stopped by BST or CST.

use anyhow::{Context, Result, ensure};
use evse_gbt27930::analysis::{Analyzer, SessionReport};
use evse_gbt27930::codes::{BatteryType, ChargeMode, Code, Ownership, Permit, Recognition};
use evse_gbt27930::message::{
    BatteryParameters, BatteryStatus, CellVoltage, ChargeDemand, ChargerRecognition,
    ChargerStatistics, ChargerStatus, ChargerStopCause, ChargerStopCauses, VehicleRecognition,
    VehicleStatistics, VehicleStopCause, VehicleStopCauses,
};
use evse_gbt27930::text::{AreaCode, PackSerial, ProductionDate, Vin};
use evse_gbt27930::transport::{Receiver, Sender, Timing};
use evse_gbt27930::units::{
    Celsius, CentiVolts, DeciAmpHours, DeciAmps, DeciKilowattHours, DeciVolts, Minutes, PerMille,
    Percent,
};
use evse_gbt27930::{Edition, EncodeError, Frame, Instant, MessageKind, Party};

use super::{
    Carried, Charging, Energy, PACK_DECIVOLTS, SAMPLE_MS, SOC_ON_ARRIVAL, SessionRecord, StopReason,
};

const EDITION: Edition = Edition::V2015;
const CHARGER_NUMBER: u32 = 1;
/// Cell voltages of the invented packs, 0.01 V.
const CELL: (u16, u16) = (360, 365);
/// Steps of CSD's energy.
const ENERGY_STEP_WH: i64 = 100;
/// The longest time that CSD and CCS tell; it stands for more, too.
const LONGEST_MINUTES: i64 = 600;
/// From the first frame to the first demand.
const BEFORE_CHARGING_MS: u64 = 10_000;

/// Makes the frames, and reads the session back from them alone.
pub fn carry(charging: &Charging<'_>) -> Result<Carried> {
    let bus = frames(charging)?;
    let mut analyzer = Analyzer::new(None);
    for (at, frame) in &bus {
        analyzer.handle_frame(Some(at.as_millis() * 1_000), frame);
    }
    let report = analyzer.finish();
    ensure!(report.sessions.len() == 1, "{} sessions on the bus, not 1", report.sessions.len());
    let session = report.sessions.first().context("no session on the bus")?;
    Ok(Carried {
        protocol: "GB/T 27930",
        messages: bus.len(),
        bytes: bus.iter().map(|(_, frame)| frame.data().len()).sum(),
        record: record(session)?,
    })
}

fn record(session: &SessionReport) -> Result<SessionRecord> {
    let vin = session.identity.vin.context("no VIN")?;
    let delivery = &session.delivery;
    let percent = |soc: Option<i32>| {
        u8::try_from(soc.context("no state of charge")?).map_err(anyhow::Error::from)
    };
    let first_stop = session.stops.first().context("nobody stopped")?;
    let says = |cause: &str| first_stop.causes.contains(&cause);
    let stop = match first_stop.by {
        Party::Bms if says(VehicleStopCause::SocReached.name()) => StopReason::VehicleDone,
        Party::Charger if says(ChargerStopCause::ManualStop.name()) => StopReason::User,
        _ => anyhow::bail!("stopped for another reason: {:?}", first_stop.causes),
    };
    let wh = i64::from(delivery.energy_dkwh.context("no energy")?) * ENERGY_STEP_WH;
    Ok(SessionRecord {
        vin: Some(vin.as_str().context("a VIN that is no text")?.to_owned()),
        evcc_id: None,
        energy: Energy { wh, step_wh: ENERGY_STEP_WH },
        soc_at_start: percent(delivery.soc_first)?,
        soc_at_end: percent(delivery.soc_stop)?,
        stop,
    })
}

/// The frames of the session in their order, with their times from the first one on.
fn frames(charging: &Charging<'_>) -> Result<Vec<(Instant, Frame)>> {
    let session = charging.session;
    let wh = session.energy_wh();
    let duration = u64::try_from((session.end - session.start).num_milliseconds())?;
    let minutes = |millis: u64| {
        let minutes = i64::try_from(millis / 60_000).unwrap_or(LONGEST_MINUTES);
        u16::try_from(minutes.min(LONGEST_MINUTES)).ok().map(Minutes::from_raw)
    };
    let amps = DeciAmps::from_charging_magnitude(charging.deciamps);
    let volts = DeciVolts::from_value(PACK_DECIVOLTS);
    let pack_dkwh = u16::try_from((charging.pack_wh + ENERGY_STEP_WH / 2) / ENERGY_STEP_WH)?;
    // Ah = Wh / V.
    let pack_dah = u16::try_from(charging.pack_wh * 100 / i64::from(PACK_DECIVOLTS))?;
    let energy_dkwh = u16::try_from((wh + ENERGY_STEP_WH / 2) / ENERGY_STEP_WH)?;

    let mut bus = Bus { now: Instant::from_millis(0), frames: Vec::new() };
    let recognition = |recognition| ChargerRecognition {
        recognition,
        charger_number: CHARGER_NUMBER,
        area_code: AreaCode::from_bytes(b""),
    };
    let vehicle = VehicleRecognition {
        version_minor: 1,
        version_major: 1,
        battery_type: BatteryType::LithiumIronPhosphate,
        rated_capacity: Some(DeciAmpHours::from_raw(pack_dah)),
        rated_voltage: volts,
        manufacturer: None,
        pack_serial: PackSerial::from_bytes([0xFF; 4]),
        production_date: ProductionDate::from_bytes([0xFF; 3]),
        charge_count: None,
        ownership: Ownership::from_code(0xFF),
        reserved24: 0xFF,
        vin: Some(Vin::from_bytes(charging.vin.as_bytes().try_into()?)),
        sw_build_no: 0xFF,
        sw_day: 0xFF,
        sw_month: 0xFF,
        sw_year: 0xFFFF,
        sw_reserved: [0xFF; 3],
    };
    let parameters = BatteryParameters {
        max_cell_voltage: Some(CentiVolts::from_raw(CELL.1)),
        max_current: DeciAmps::from_charging_magnitude(4_000),
        nominal_energy: Some(DeciKilowattHours::from_raw(pack_dkwh)),
        max_total_voltage: DeciVolts::from_value(PACK_DECIVOLTS + 500),
        max_temperature: Celsius::from_value(55),
        soc: Some(PerMille::from_raw(u16::from(SOC_ON_ARRIVAL) * 10)),
        pack_voltage: volts,
    };
    bus.send(MessageKind::Crm, |out| recognition(Recognition::NotRecognised).encode(EDITION, out))?;
    bus.send(MessageKind::Brm, |out| vehicle.encode(EDITION, out))?;
    bus.send(MessageKind::Crm, |out| recognition(Recognition::Recognised).encode(EDITION, out))?;
    bus.send(MessageKind::Bcp, |out| parameters.encode(EDITION, out))?;

    let gained = charging.soc_at_end - SOC_ON_ARRIVAL;
    let samples = duration / SAMPLE_MS + 1;
    for sample in 0..=samples {
        let elapsed = duration * sample / samples;
        let soc = u8::try_from(u64::from(gained) * sample / samples)?;
        bus.now = Instant::from_millis(BEFORE_CHARGING_MS + elapsed);
        let demand = ChargeDemand {
            voltage_demand: volts,
            current_demand: amps,
            mode: ChargeMode::ConstantCurrent,
        };
        let state = ChargerStatus {
            voltage: volts,
            current: amps,
            elapsed_time: minutes(elapsed),
            charge_permit: Permit::Permitted,
        };
        let battery = BatteryStatus {
            voltage: volts,
            current: amps,
            max_cell: CellVoltage::new(Some(CentiVolts::from_raw(CELL.1)), 0).context("cell")?,
            soc: Some(Percent::from_raw(SOC_ON_ARRIVAL + soc)),
            remaining_time: minutes(duration - elapsed),
        };
        bus.send(MessageKind::Bcl, |out| demand.encode(EDITION, out))?;
        bus.send(MessageKind::Ccs, |out| state.encode(EDITION, out))?;
        bus.send(MessageKind::Bcs, |out| battery.encode(EDITION, out))?;
    }

    match charging.stop {
        StopReason::VehicleDone => {
            let causes = VehicleStopCauses::empty(EDITION).with(VehicleStopCause::SocReached);
            bus.send(MessageKind::Bst, |out| causes.encode(out))?;
            let answer = ChargerStopCauses::empty(EDITION).with(ChargerStopCause::BmsStop);
            bus.send(MessageKind::Cst, |out| answer.encode(out))?;
        }
        StopReason::User => {
            let causes = ChargerStopCauses::empty(EDITION).with(ChargerStopCause::ManualStop);
            bus.send(MessageKind::Cst, |out| causes.encode(out))?;
            let answer = VehicleStopCauses::empty(EDITION).with(VehicleStopCause::ChargerStop);
            bus.send(MessageKind::Bst, |out| answer.encode(out))?;
        }
    }
    let vehicle = VehicleStatistics {
        soc: Some(Percent::from_raw(charging.soc_at_end)),
        min_cell_voltage: Some(CentiVolts::from_raw(CELL.0)),
        max_cell_voltage: Some(CentiVolts::from_raw(CELL.1)),
        min_temperature: Celsius::from_value(20),
        max_temperature: Celsius::from_value(35),
    };
    let charger = ChargerStatistics {
        elapsed_time: minutes(duration),
        energy: Some(DeciKilowattHours::from_raw(energy_dkwh)),
        charger_number: CHARGER_NUMBER,
    };
    bus.send(MessageKind::Bsd, |out| vehicle.encode(EDITION, out))?;
    bus.send(MessageKind::Csd, |out| charger.encode(EDITION, out))?;
    Ok(bus.frames)
}

/// The bus, and both ends of its transport protocol.
struct Bus {
    now: Instant,
    frames: Vec<(Instant, Frame)>,
}

impl Bus {
    fn put(&mut self, frame: Frame) {
        self.frames.push((self.now, frame));
        self.now = self.now.plus_millis(1);
    }

    /// Sends a message: in one frame, or as a transfer of packets that the other end asks for and acknowledges.
    fn send(
        &mut self,
        kind: MessageKind,
        encode: impl FnOnce(&mut [u8]) -> Result<usize, EncodeError>,
    ) -> Result<()> {
        let info = kind.info();
        let mut payload = [0; 64];
        let size = encode(&mut payload)?;
        let payload = payload.get(..size).context("a message longer than its buffer")?;
        if let Some(frame) = Frame::new(info.can_id(), payload) {
            self.put(frame);
            return Ok(());
        }
        let by = info.sender.context("a message of either side")?;
        let mut sender = Sender::new(by, Timing::STANDARD);
        let mut receiver = Receiver::new(by.peer(), Timing::STANDARD);
        let mut received = [0; 64];
        ensure!(
            sender.start(self.now, info.pgn(), u16::try_from(size)?),
            "{kind:?}: length {size}"
        );
        while sender.is_busy() {
            if let Some(frame) = sender.poll_transmit(self.now, payload) {
                self.put(frame);
                receiver.handle_frame(self.now, &frame, &mut received);
            } else if let Some(answer) = receiver.poll_transmit() {
                self.put(answer);
                sender.handle_frame(self.now, &answer);
            } else {
                self.now = sender.poll_timeout().context("a transfer that waits for nothing")?;
                ensure!(sender.handle_timeout(self.now).is_none(), "a transfer that was given up");
            }
        }
        ensure!(received.get(..size) == Some(payload), "{kind:?}: received otherwise than sent");
        Ok(())
    }
}
