//! Messages of 2-bit items: the stops BST and CST (GB/T 27930-2015 clauses 10.3.8 and 10.3.9) and the errors BEM and
//! CEM (10.5). Each is a set of items that keeps undefined bits.

use core::fmt;

use super::MessageKind;
use crate::codes::{Code, Fault};
use crate::edition::Edition;
use crate::error::{DecodeError, EncodeError};
use crate::table::{Field, FieldType, empty_causes, field, message, place_doc, row_doc};

/// A message of 2-bit items: the enum of its items, the set, the view, and the table rows.
macro_rules! item_message {
    (
        $(#[$doc:meta])+
        $set:ident of $item:ident, $view:ident, $kind:ident = { $($message:tt)+ }
        $(
            $(#[doc = $idoc:literal])+
            $variant:ident $name:ident, at $byte:literal bit $bit:literal $(, in2011 $in2011:tt)?, spn $spn:tt, $confidence:ident;
        )+
        $( rest {
            $(#[doc = $rdoc:literal])+
            $rest:ident, at $rbyte:literal bit $rbit:literal width $rwidth:literal, $rconfidence:ident;
        } )?
    ) => {
        #[doc = concat!("An item of [`", stringify!($set), "`].")]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "defmt", derive(defmt::Format))]
        #[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
        pub enum $item {
            $(
                $(#[doc = $idoc])+
                #[doc = ""]
                #[doc = place_doc!(at $byte bit $bit $(, in2011 $in2011)?, spn $spn, M, $confidence)]
                $variant,
            )+
        }

        impl $item {
            /// Every item, in the order of the message.
            pub const ALL: &'static [Self] = &[ $( Self::$variant ),+ ];

            /// The name in JSON.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $( Self::$variant => stringify!($name), )+ }
            }

            /// The item of that name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|item| item.name() == name)
            }

            const fn row(self) -> Field {
                match self { $(
                    Self::$variant => const { field! {
                        $(#[doc = $idoc])+
                        $name: Fault, at $byte bit $bit $(, in2011 $in2011)?, spn $spn, M, $confidence
                    } },
                )+ }
            }

            /// Bits from the start of the payload, `None` where the edition does not define the item.
            const fn shift(self, edition: Edition) -> Option<u32> {
                match self.row().position_in(edition) {
                    Some(at) => Some((at.byte as u32 - 1) * 8 + at.bit as u32 - 1),
                    None => None,
                }
            }
        }

        $(#[$doc])+
        ///
        #[doc = row_doc!($($message)+)]
        ///
        /// The owned set of items. An item is in the set when its state is [`Fault::Abnormal`].
        #[derive(Clone, Copy, PartialEq, Eq, Hash)]
        #[cfg_attr(feature = "defmt", derive(defmt::Format))]
        pub struct $set {
            bits: u32,
            edition: Edition,
        }

        impl $set {
            message! {
                pub(crate) INFO = $($message)+, fields &[
                    $( field! {
                        $(#[doc = $idoc])+
                        $name: Fault, at $byte bit $bit $(, in2011 $in2011)?, spn $spn, M, $confidence
                    }, )+
                    $( field! {
                        $(#[doc = $rdoc])+
                        $rest: u8, at $rbyte bit $rbit width $rwidth, spn none, R, $rconfidence
                    }, )?
                ]
            }

            /// No item: all defined ones 00, undefined bits ones.
            #[must_use]
            pub const fn empty(edition: Edition) -> Self {
                let bytes = match edition {
                    Edition::V2011 => const { empty_causes(Self::INFO.fields, Edition::V2011) },
                    Edition::V2015 | Edition::V2023 => const { empty_causes(Self::INFO.fields, Edition::V2015) },
                };
                Self::from_bytes(bytes, edition)
            }

            /// From the four bytes of the wire.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 4], edition: Edition) -> Self {
                Self { bits: u32::from_le_bytes(bytes), edition }
            }

            /// The four bytes of the wire.
            #[must_use]
            pub const fn to_bytes(self) -> [u8; 4] {
                self.bits.to_le_bytes()
            }

            /// The edition whose layout applies.
            #[must_use]
            pub const fn edition(self) -> Edition {
                self.edition
            }

            /// State of an item; not available where the edition does not define it.
            #[must_use]
            pub fn state(self, item: $item) -> Fault {
                match item.shift(self.edition) {
                    Some(shift) => Fault::from_code((self.bits >> shift) as u8),
                    None => Fault::NotAvailable,
                }
            }

            /// Whether the item is in the set.
            #[must_use]
            pub fn contains(self, item: $item) -> bool {
                self.state(item) == Fault::Abnormal
            }

            /// Sets the state of an item; without effect where the edition does not define it.
            pub fn set(&mut self, item: $item, state: Fault) {
                if let Some(shift) = item.shift(self.edition) {
                    self.bits = self.bits & !(3 << shift) | u32::from(state.to_code()) << shift;
                }
            }

            /// The set with one more item.
            #[must_use]
            pub fn with(mut self, item: $item) -> Self {
                self.set(item, Fault::Abnormal);
                self
            }

            /// Whether no item is in the set.
            #[must_use]
            pub fn is_empty(self) -> bool {
                self.iter().next().is_none()
            }

            /// The items in the set, in the order of the message.
            pub fn iter(self) -> impl Iterator<Item = $item> + Clone {
                $item::ALL.iter().copied().filter(move |&item| self.contains(item))
            }

            /// The bits that the edition does not define, in place, as received; later editions define some of them.
            #[must_use]
            pub const fn undefined_bits(self) -> u32 {
                self.bits & u32::from_le_bytes(Self::empty(self.edition).to_bytes())
            }

            /// Reads a payload.
            ///
            /// # Errors
            /// [`DecodeError::Truncated`] below 4 bytes.
            pub const fn decode(payload: &[u8], edition: Edition) -> Result<Self, DecodeError> {
                match $view::new(payload, edition) {
                    Ok(view) => Ok(view.items()),
                    Err(error) => Err(error),
                }
            }

            /// Writes the payload in the layout of its edition and returns its length, 4.
            ///
            /// # Errors
            /// [`EncodeError::BufferTooSmall`].
            pub fn encode(self, out: &mut [u8]) -> Result<usize, EncodeError> {
                super::put(const { Self::INFO.lengths() }, MessageKind::$kind, self.edition, &self.to_bytes(), out)
            }
        }

        /// The names of the items in the set, separated by `+`, or `none`.
        impl fmt::Display for $set {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let mut separator = "";
                for item in self.iter() {
                    write!(f, "{separator}{}", item.name())?;
                    separator = "+";
                }
                if separator.is_empty() { f.write_str("none") } else { Ok(()) }
            }
        }

        impl fmt::Debug for $set {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self}, {:#010x})", stringify!($set), self.bits)
            }
        }

        $(#[$doc])+
        ///
        /// The borrowed view; it keeps bytes beyond the fourth.
        #[derive(Clone, Copy, PartialEq, Eq)]
        pub struct $view<'a> {
            payload: &'a [u8],
            edition: Edition,
        }

        impl<'a> $view<'a> {
            /// A view of a payload.
            ///
            /// # Errors
            /// [`DecodeError::Truncated`] below 4 bytes.
            #[inline]
            pub const fn new(payload: &'a [u8], edition: Edition) -> Result<Self, DecodeError> {
                if payload.len() < 4 {
                    return Err(DecodeError::Truncated {
                        message: MessageKind::$kind,
                        needed: 4,
                        actual: payload.len() as u16,
                    });
                }
                Ok(Self { payload, edition })
            }

            /// The payload as received.
            #[must_use]
            pub const fn as_bytes(&self) -> &'a [u8] {
                self.payload
            }

            /// The edition whose layout applies.
            #[must_use]
            pub const fn edition(&self) -> Edition {
                self.edition
            }

            /// The set of items.
            #[must_use]
            #[inline]
            pub const fn items(&self) -> $set {
                match self.payload.first_chunk() {
                    Some(bytes) => $set::from_bytes(*bytes, self.edition),
                    None => $set::empty(self.edition),
                }
            }
            $(
                $(#[doc = $rdoc])+
                #[must_use]
                pub fn $rest(&self) -> u8 {
                    const FIELD: Field = field! {
                        $(#[doc = $rdoc])+
                        $rest: u8, at $rbyte bit $rbit width $rwidth, spn none, R, $rconfidence
                    };
                    u8::read(self.payload, FIELD.position)
                }
            )?
        }

        impl fmt::Debug for $view<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.items().fmt(f)
            }
        }

        const _: () = super::assert_fits(&$set::INFO);
    };
}

item_message! {
    /// BST, the vehicle stops charging: why. (2015 layout confidence A, 2011 layout confidence B.)
    #[doc(alias = "BST")]
    VehicleStopCauses of VehicleStopCause, VehicleStopView, Bst = {
        "BST" "BMS stops charging", clause "10.3.8", from Bms, pf 0x19, priority 4, period 10, in Charging,
        minimum 4, length 4, in2011 4, A
    }
    /// Target SOC reached.
    SocReached soc_reached, at 1 bit 1, spn 3511, A;
    /// Set total voltage reached.
    TotalVoltageReached total_voltage_reached, at 1 bit 3, spn 3511, A;
    /// Set cell voltage reached.
    CellVoltageReached cell_voltage_reached, at 1 bit 5, spn 3511, A;
    /// The charger stopped: a CST was received. Not in 2011.
    ChargerStop charger_stop, at 1 bit 7, in2011 none, spn 3511, A;
    /// Insulation fault.
    InsulationFault insulation_fault, at 2 bit 1, spn 3512, A;
    /// Output connector over-temperature.
    OutputConnectorOvertemp output_connector_overtemp, at 2 bit 3, spn 3512, A;
    /// BMS component or output connector over-temperature.
    BmsComponentOvertemp bms_component_overtemp, at 2 bit 5, spn 3512, A;
    /// Charging connector fault.
    ChargeConnectorFault charge_connector_fault, at 2 bit 7, spn 3512, A;
    /// Battery pack over-temperature.
    BatteryOvertemp battery_overtemp, at 3 bit 1, spn 3512, A;
    /// High-voltage relay fault. Not in 2011.
    HvRelayFault hv_relay_fault, at 3 bit 3, in2011 none, spn 3512, A;
    /// Voltage fault at check point 2. Not in 2011.
    Cc2VoltageFault cc2_voltage_fault, at 3 bit 5, in2011 none, spn 3512, A;
    /// Other fault; in 2011 where the relay fault is now.
    OtherFault other_fault, at 3 bit 7, in2011 (at 3 bit 3), spn 3512, A;
    /// Current above the demand.
    OvercurrentError overcurrent_error, at 4 bit 1, spn 3513, A;
    /// Voltage abnormal.
    VoltageError voltage_error, at 4 bit 3, spn 3513, A;
}

item_message! {
    /// CST, the charger stops charging: why. 2023 defines further items in bits that are undefined here.
    #[doc(alias = "CST")]
    ChargerStopCauses of ChargerStopCause, ChargerStopView, Cst = {
        "CST" "charger stops charging", clause "10.3.9", from Charger, pf 0x1A, priority 4, period 10, in Charging,
        minimum 4, length 4, in2011 4, A
    }
    /// The charger's set condition reached.
    ConditionReached condition_reached, at 1 bit 1, spn 3521, A;
    /// Stopped by hand.
    ManualStop manual_stop, at 1 bit 3, spn 3521, A;
    /// Stopped for a fault.
    FaultStop fault_stop, at 1 bit 5, spn 3521, A;
    /// The BMS stopped: a BST was received. Not in 2011.
    BmsStop bms_stop, at 1 bit 7, in2011 none, spn 3521, A;
    /// Charger over-temperature.
    ChargerOvertemp charger_overtemp, at 2 bit 1, spn 3522, A;
    /// Charging connector fault.
    ChargeConnectorFault charge_connector_fault, at 2 bit 3, spn 3522, A;
    /// Over-temperature inside the charger.
    InternalOvertemp internal_overtemp, at 2 bit 5, spn 3522, A;
    /// The required energy cannot be delivered.
    EnergyTransferFault energy_transfer_fault, at 2 bit 7, spn 3522, A;
    /// Emergency stop.
    EmergencyStop emergency_stop, at 3 bit 1, spn 3522, A;
    /// Other fault.
    OtherFault other_fault, at 3 bit 3, spn 3522, A;
    /// Current mismatch.
    CurrentMismatch current_mismatch, at 4 bit 1, spn 3523, A;
    /// Voltage abnormal.
    VoltageError voltage_error, at 4 bit 3, spn 3523, A;
}

item_message! {
    /// BEM, the vehicle's error message: which message of the charger did not come in time.
    #[doc(alias = "BEM")]
    VehicleTimeouts of VehicleTimeout, VehicleErrorView, Bem = {
        "BEM" "BMS error", clause "10.5.1", from Bms, pf 0x1E, priority 2, period 250, in Error,
        minimum 4, length 4, in2011 4, A
    }
    /// No CRM(00).
    Crm00 crm00_timeout, at 1 bit 1, spn 3901, A;
    /// No CRM(AA).
    CrmAa crmAA_timeout, at 1 bit 3, spn 3902, A;
    /// No CTS and CML.
    CtsCml cts_cml_timeout, at 2 bit 1, spn 3903, A;
    /// No CRO.
    Cro cro_timeout, at 2 bit 3, spn 3904, A;
    /// No CCS.
    Ccs ccs_timeout, at 3 bit 1, spn 3905, A;
    /// No CST.
    Cst cst_timeout, at 3 bit 3, spn 3906, A;
    /// No CSD.
    Csd csd_timeout, at 4 bit 1, spn 3907, A;
    rest {
        /// Six bits for other errors, ones where not used.
        other, at 4 bit 3 width 6, A;
    }
}

item_message! {
    /// CEM, the charger's error message: which message of the vehicle did not come in time. (Three implementations
    /// agree on the layout; not seen in a capture.)
    #[doc(alias = "CEM")]
    ChargerTimeouts of ChargerTimeout, ChargerErrorView, Cem = {
        "CEM" "charger error", clause "10.5.2", from Charger, pf 0x1F, priority 2, period 250, in Error,
        minimum 4, length 4, in2011 4, A
    }
    /// No BRM.
    Brm brm_timeout, at 1 bit 1, spn 3921, B;
    /// No BCP.
    Bcp bcp_timeout, at 2 bit 1, spn 3922, B;
    /// No BRO.
    Bro bro_timeout, at 2 bit 3, spn 3923, B;
    /// No BCS.
    Bcs bcs_timeout, at 3 bit 1, spn 3924, B;
    /// No BCL.
    Bcl bcl_timeout, at 3 bit 3, spn 3925, B;
    /// No BST.
    Bst bst_timeout, at 3 bit 5, spn 3926, B;
    /// No BSD.
    Bsd bsd_timeout, at 4 bit 1, spn 3927, B;
    rest {
        /// Six bits for other errors, ones where not used.
        other, at 4 bit 3 width 6, B;
    }
}
