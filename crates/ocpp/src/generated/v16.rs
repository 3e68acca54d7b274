// @generated from the OCPP JSON schemas by `cargo run -p evse-ocpp-codegen`. Do not edit.

//! Messages of OCPP 1.6J with the security extension: a row per member.

use crate::message::schema::kinds::*;
use crate::message::{DateTime, Identifier, List, Number, Open, Text};

actions! {
    V16;
    AUTHORIZE = "Authorize": Call(AuthorizeRequest -> AuthorizeResponse);
    BOOT_NOTIFICATION = "BootNotification": Call(BootNotificationRequest -> BootNotificationResponse);
    CANCEL_RESERVATION = "CancelReservation": Call(CancelReservationRequest -> CancelReservationResponse);
    CERTIFICATE_SIGNED = "CertificateSigned": Call(CertificateSignedRequest -> CertificateSignedResponse);
    CHANGE_AVAILABILITY = "ChangeAvailability": Call(ChangeAvailabilityRequest -> ChangeAvailabilityResponse);
    CHANGE_CONFIGURATION = "ChangeConfiguration": Call(ChangeConfigurationRequest -> ChangeConfigurationResponse);
    CLEAR_CACHE = "ClearCache": Call(ClearCacheRequest -> ClearCacheResponse);
    CLEAR_CHARGING_PROFILE = "ClearChargingProfile": Call(ClearChargingProfileRequest -> ClearChargingProfileResponse);
    DATA_TRANSFER = "DataTransfer": Call(DataTransferRequest -> DataTransferResponse);
    DELETE_CERTIFICATE = "DeleteCertificate": Call(DeleteCertificateRequest -> DeleteCertificateResponse);
    DIAGNOSTICS_STATUS_NOTIFICATION = "DiagnosticsStatusNotification": Call(DiagnosticsStatusNotificationRequest -> DiagnosticsStatusNotificationResponse);
    EXTENDED_TRIGGER_MESSAGE = "ExtendedTriggerMessage": Call(ExtendedTriggerMessageRequest -> ExtendedTriggerMessageResponse);
    FIRMWARE_STATUS_NOTIFICATION = "FirmwareStatusNotification": Call(FirmwareStatusNotificationRequest -> FirmwareStatusNotificationResponse);
    GET_COMPOSITE_SCHEDULE = "GetCompositeSchedule": Call(GetCompositeScheduleRequest -> GetCompositeScheduleResponse);
    GET_CONFIGURATION = "GetConfiguration": Call(GetConfigurationRequest -> GetConfigurationResponse);
    GET_DIAGNOSTICS = "GetDiagnostics": Call(GetDiagnosticsRequest -> GetDiagnosticsResponse);
    GET_INSTALLED_CERTIFICATE_IDS = "GetInstalledCertificateIds": Call(GetInstalledCertificateIdsRequest -> GetInstalledCertificateIdsResponse);
    GET_LOCAL_LIST_VERSION = "GetLocalListVersion": Call(GetLocalListVersionRequest -> GetLocalListVersionResponse);
    GET_LOG = "GetLog": Call(GetLogRequest -> GetLogResponse);
    HEARTBEAT = "Heartbeat": Call(HeartbeatRequest -> HeartbeatResponse);
    INSTALL_CERTIFICATE = "InstallCertificate": Call(InstallCertificateRequest -> InstallCertificateResponse);
    LOG_STATUS_NOTIFICATION = "LogStatusNotification": Call(LogStatusNotificationRequest -> LogStatusNotificationResponse);
    METER_VALUES = "MeterValues": Call(MeterValuesRequest -> MeterValuesResponse);
    REMOTE_START_TRANSACTION = "RemoteStartTransaction": Call(RemoteStartTransactionRequest -> RemoteStartTransactionResponse);
    REMOTE_STOP_TRANSACTION = "RemoteStopTransaction": Call(RemoteStopTransactionRequest -> RemoteStopTransactionResponse);
    RESERVE_NOW = "ReserveNow": Call(ReserveNowRequest -> ReserveNowResponse);
    RESET = "Reset": Call(ResetRequest -> ResetResponse);
    SECURITY_EVENT_NOTIFICATION = "SecurityEventNotification": Call(SecurityEventNotificationRequest -> SecurityEventNotificationResponse);
    SEND_LOCAL_LIST = "SendLocalList": Call(SendLocalListRequest -> SendLocalListResponse);
    SET_CHARGING_PROFILE = "SetChargingProfile": Call(SetChargingProfileRequest -> SetChargingProfileResponse);
    SIGN_CERTIFICATE = "SignCertificate": Call(SignCertificateRequest -> SignCertificateResponse);
    SIGNED_FIRMWARE_STATUS_NOTIFICATION = "SignedFirmwareStatusNotification": Call(SignedFirmwareStatusNotificationRequest -> SignedFirmwareStatusNotificationResponse);
    SIGNED_UPDATE_FIRMWARE = "SignedUpdateFirmware": Call(SignedUpdateFirmwareRequest -> SignedUpdateFirmwareResponse);
    START_TRANSACTION = "StartTransaction": Call(StartTransactionRequest -> StartTransactionResponse);
    STATUS_NOTIFICATION = "StatusNotification": Call(StatusNotificationRequest -> StatusNotificationResponse);
    STOP_TRANSACTION = "StopTransaction": Call(StopTransactionRequest -> StopTransactionResponse);
    TRIGGER_MESSAGE = "TriggerMessage": Call(TriggerMessageRequest -> TriggerMessageResponse);
    UNLOCK_CONNECTOR = "UnlockConnector": Call(UnlockConnectorRequest -> UnlockConnectorResponse);
    UPDATE_FIRMWARE = "UpdateFirmware": Call(UpdateFirmwareRequest -> UpdateFirmwareResponse);
}

objects! {
    V16;

    #[doc = "Request of `Authorize`."]
    AuthorizeRequest<'a> {
        req id_tag: Identifier<'a> = "idTag", text(20);
    }

    #[doc = "Answer to `Authorize`."]
    AuthorizeResponse<'a> {
        req id_tag_info: IdTagInfo<'a> = "idTagInfo", object(IdTagInfo::SCHEMA);
    }

    #[doc = "Request of `BootNotification`."]
    BootNotificationRequest<'a> {
        req charge_point_vendor: Text<'a> = "chargePointVendor", text(20);
        req charge_point_model: Text<'a> = "chargePointModel", text(20);
        opt charge_point_serial_number: Identifier<'a> = "chargePointSerialNumber", text(25);
        opt charge_box_serial_number: Identifier<'a> = "chargeBoxSerialNumber", text(25);
        opt firmware_version: Text<'a> = "firmwareVersion", text(50);
        opt iccid: Identifier<'a> = "iccid", text(20);
        opt imsi: Identifier<'a> = "imsi", text(20);
        opt meter_type: Text<'a> = "meterType", text(25);
        opt meter_serial_number: Identifier<'a> = "meterSerialNumber", text(25);
    }

    #[doc = "Answer to `BootNotification`."]
    BootNotificationResponse<'a> {
        req status: Open<'a, BootNotificationStatus> = "status", code(BootNotificationStatus::TABLE);
        req current_time: DateTime<'a> = "currentTime", TIME;
        req interval: Number<'a> = "interval", DIGITS;
    }

    #[doc = "Request of `CancelReservation`."]
    CancelReservationRequest<'a> {
        req reservation_id: Number<'a> = "reservationId", DIGITS;
    }

    #[doc = "Answer to `CancelReservation`."]
    CancelReservationResponse<'a> {
        req status: Open<'a, CancelReservationStatus> = "status", code(CancelReservationStatus::TABLE);
    }

    #[doc = "`CertificateHashData`."]
    CertificateHashData<'a> {
        req hash_algorithm: Open<'a, HashAlgorithm> = "hashAlgorithm", code(HashAlgorithm::TABLE);
        req issuer_name_hash: Text<'a> = "issuerNameHash", text(128);
        req issuer_key_hash: Text<'a> = "issuerKeyHash", text(128);
        req serial_number: Identifier<'a> = "serialNumber", text(40);
    }

    #[doc = "Request of `CertificateSigned`."]
    CertificateSignedRequest<'a> {
        req certificate_chain: Identifier<'a> = "certificateChain", text(10000);
    }

    #[doc = "Answer to `CertificateSigned`."]
    CertificateSignedResponse<'a> {
        req status: Open<'a, CertificateSignedStatus> = "status", code(CertificateSignedStatus::TABLE);
    }

    #[doc = "Request of `ChangeAvailability`."]
    ChangeAvailabilityRequest<'a> {
        req connector_id: Number<'a> = "connectorId", DIGITS;
        req type_: Open<'a, ChangeAvailabilityType> = "type", code(ChangeAvailabilityType::TABLE);
    }

    #[doc = "Answer to `ChangeAvailability`."]
    ChangeAvailabilityResponse<'a> {
        req status: Open<'a, ChangeAvailabilityStatus> = "status", code(ChangeAvailabilityStatus::TABLE);
    }

    #[doc = "Request of `ChangeConfiguration`."]
    ChangeConfigurationRequest<'a> {
        req key: Identifier<'a> = "key", text(50);
        req value: Text<'a> = "value", text(500);
    }

    #[doc = "Answer to `ChangeConfiguration`."]
    ChangeConfigurationResponse<'a> {
        req status: Open<'a, ChangeConfigurationStatus> = "status", code(ChangeConfigurationStatus::TABLE);
    }

    #[doc = "`ChargingProfile`."]
    ChargingProfile<'a> {
        req charging_profile_id: Number<'a> = "chargingProfileId", DIGITS;
        opt transaction_id: Number<'a> = "transactionId", DIGITS;
        req stack_level: Number<'a> = "stackLevel", DIGITS;
        req charging_profile_purpose: Open<'a, ChargingProfilePurpose> = "chargingProfilePurpose", code(ChargingProfilePurpose::TABLE);
        req charging_profile_kind: Open<'a, ChargingProfileKind> = "chargingProfileKind", code(ChargingProfileKind::TABLE);
        opt recurrency_kind: Open<'a, RecurrencyKind> = "recurrencyKind", code(RecurrencyKind::TABLE);
        opt valid_from: DateTime<'a> = "validFrom", TIME;
        opt valid_to: DateTime<'a> = "validTo", TIME;
        req charging_schedule: ChargingSchedule<'a> = "chargingSchedule", object(ChargingSchedule::SCHEMA);
    }

    #[doc = "`ChargingSchedule`."]
    ChargingSchedule<'a> {
        opt duration: Number<'a> = "duration", DIGITS;
        opt start_schedule: DateTime<'a> = "startSchedule", TIME;
        req charging_rate_unit: Open<'a, ChargingRateUnit> = "chargingRateUnit", code(ChargingRateUnit::TABLE);
        req charging_schedule_period: List<'a, ChargingSchedulePeriod<'a>> = "chargingSchedulePeriod", list(&object(ChargingSchedulePeriod::SCHEMA), 0, u16::MAX);
        opt min_charging_rate: Number<'a> = "minChargingRate", TENTHS;
    }

    #[doc = "`ChargingSchedulePeriod`."]
    ChargingSchedulePeriod<'a> {
        req start_period: Number<'a> = "startPeriod", DIGITS;
        req limit: Number<'a> = "limit", TENTHS;
        opt number_phases: Number<'a> = "numberPhases", DIGITS;
    }

    #[doc = "Request of `ClearCache`."]
    ClearCacheRequest<'a> {
    }

    #[doc = "Answer to `ClearCache`."]
    ClearCacheResponse<'a> {
        req status: Open<'a, ClearCacheStatus> = "status", code(ClearCacheStatus::TABLE);
    }

    #[doc = "Request of `ClearChargingProfile`."]
    ClearChargingProfileRequest<'a> {
        opt id: Number<'a> = "id", DIGITS;
        opt connector_id: Number<'a> = "connectorId", DIGITS;
        opt charging_profile_purpose: Open<'a, ChargingProfilePurpose> = "chargingProfilePurpose", code(ChargingProfilePurpose::TABLE);
        opt stack_level: Number<'a> = "stackLevel", DIGITS;
    }

    #[doc = "Answer to `ClearChargingProfile`."]
    ClearChargingProfileResponse<'a> {
        req status: Open<'a, ClearChargingProfileStatus> = "status", code(ClearChargingProfileStatus::TABLE);
    }

    #[doc = "`ConfigurationKey`."]
    ConfigurationKey<'a> {
        req key: Identifier<'a> = "key", text(50);
        req readonly: bool = "readonly", FLAG;
        opt value: Text<'a> = "value", text(500);
    }

    #[doc = "`CsChargingProfiles`."]
    CsChargingProfiles<'a> {
        req charging_profile_id: Number<'a> = "chargingProfileId", DIGITS;
        opt transaction_id: Number<'a> = "transactionId", DIGITS;
        req stack_level: Number<'a> = "stackLevel", DIGITS;
        req charging_profile_purpose: Open<'a, ChargingProfilePurpose> = "chargingProfilePurpose", code(ChargingProfilePurpose::TABLE);
        req charging_profile_kind: Open<'a, ChargingProfileKind> = "chargingProfileKind", code(ChargingProfileKind::TABLE);
        opt recurrency_kind: Open<'a, RecurrencyKind> = "recurrencyKind", code(RecurrencyKind::TABLE);
        opt valid_from: DateTime<'a> = "validFrom", TIME;
        opt valid_to: DateTime<'a> = "validTo", TIME;
        req charging_schedule: ChargingSchedule<'a> = "chargingSchedule", object(ChargingSchedule::SCHEMA);
    }

    #[doc = "Request of `DataTransfer`."]
    DataTransferRequest<'a> {
        req vendor_id: Text<'a> = "vendorId", text(255);
        opt message_id: Text<'a> = "messageId", text(50);
        opt data: Text<'a> = "data", OPAQUE;
    }

    #[doc = "Answer to `DataTransfer`."]
    DataTransferResponse<'a> {
        req status: Open<'a, DataTransferStatus> = "status", code(DataTransferStatus::TABLE);
        opt data: Text<'a> = "data", OPAQUE;
    }

    #[doc = "Request of `DeleteCertificate`."]
    DeleteCertificateRequest<'a> {
        req certificate_hash_data: CertificateHashData<'a> = "certificateHashData", object(CertificateHashData::SCHEMA);
    }

    #[doc = "Answer to `DeleteCertificate`."]
    DeleteCertificateResponse<'a> {
        req status: Open<'a, DeleteCertificateStatus> = "status", code(DeleteCertificateStatus::TABLE);
    }

    #[doc = "Request of `DiagnosticsStatusNotification`."]
    DiagnosticsStatusNotificationRequest<'a> {
        req status: Open<'a, DiagnosticsStatusNotificationStatus> = "status", code(DiagnosticsStatusNotificationStatus::TABLE);
    }

    #[doc = "Answer to `DiagnosticsStatusNotification`."]
    DiagnosticsStatusNotificationResponse<'a> {
    }

    #[doc = "Request of `ExtendedTriggerMessage`."]
    ExtendedTriggerMessageRequest<'a> {
        req requested_message: Open<'a, MessageTrigger> = "requestedMessage", code(MessageTrigger::TABLE);
        opt connector_id: Number<'a> = "connectorId", INTEGER;
    }

    #[doc = "Answer to `ExtendedTriggerMessage`."]
    ExtendedTriggerMessageResponse<'a> {
        req status: Open<'a, TriggerMessageStatus> = "status", code(TriggerMessageStatus::TABLE);
    }

    #[doc = "`Firmware`."]
    Firmware<'a> {
        req location: Text<'a> = "location", text(512);
        req retrieve_date_time: DateTime<'a> = "retrieveDateTime", TIME;
        opt install_date_time: DateTime<'a> = "installDateTime", TIME;
        req signing_certificate: Text<'a> = "signingCertificate", text(5500);
        req signature: Text<'a> = "signature", text(800);
    }

    #[doc = "Request of `FirmwareStatusNotification`."]
    FirmwareStatusNotificationRequest<'a> {
        req status: Open<'a, FirmwareStatusNotificationStatus> = "status", code(FirmwareStatusNotificationStatus::TABLE);
    }

    #[doc = "Answer to `FirmwareStatusNotification`."]
    FirmwareStatusNotificationResponse<'a> {
    }

    #[doc = "Request of `GetCompositeSchedule`."]
    GetCompositeScheduleRequest<'a> {
        req connector_id: Number<'a> = "connectorId", DIGITS;
        req duration: Number<'a> = "duration", DIGITS;
        opt charging_rate_unit: Open<'a, ChargingRateUnit> = "chargingRateUnit", code(ChargingRateUnit::TABLE);
    }

    #[doc = "Answer to `GetCompositeSchedule`."]
    GetCompositeScheduleResponse<'a> {
        req status: Open<'a, GetCompositeScheduleStatus> = "status", code(GetCompositeScheduleStatus::TABLE);
        opt connector_id: Number<'a> = "connectorId", DIGITS;
        opt schedule_start: DateTime<'a> = "scheduleStart", TIME;
        opt charging_schedule: ChargingSchedule<'a> = "chargingSchedule", object(ChargingSchedule::SCHEMA);
    }

    #[doc = "Request of `GetConfiguration`."]
    GetConfigurationRequest<'a> {
        opt key: List<'a, Identifier<'a>> = "key", list(&text(50), 0, u16::MAX);
    }

    #[doc = "Answer to `GetConfiguration`."]
    GetConfigurationResponse<'a> {
        opt configuration_key: List<'a, ConfigurationKey<'a>> = "configurationKey", list(&object(ConfigurationKey::SCHEMA), 0, u16::MAX);
        opt unknown_key: List<'a, Text<'a>> = "unknownKey", list(&text(50), 0, u16::MAX);
    }

    #[doc = "Request of `GetDiagnostics`."]
    GetDiagnosticsRequest<'a> {
        req location: Text<'a> = "location", TEXT;
        opt retries: Number<'a> = "retries", DIGITS;
        opt retry_interval: Number<'a> = "retryInterval", DIGITS;
        opt start_time: DateTime<'a> = "startTime", TIME;
        opt stop_time: DateTime<'a> = "stopTime", TIME;
    }

    #[doc = "Answer to `GetDiagnostics`."]
    GetDiagnosticsResponse<'a> {
        opt file_name: Text<'a> = "fileName", text(255);
    }

    #[doc = "Request of `GetInstalledCertificateIds`."]
    GetInstalledCertificateIdsRequest<'a> {
        req certificate_type: Open<'a, CertificateUse> = "certificateType", code(CertificateUse::TABLE);
    }

    #[doc = "Answer to `GetInstalledCertificateIds`."]
    GetInstalledCertificateIdsResponse<'a> {
        opt certificate_hash_data: List<'a, CertificateHashData<'a>> = "certificateHashData", list(&object(CertificateHashData::SCHEMA), 1, u16::MAX);
        req status: Open<'a, GetInstalledCertificateStatus> = "status", code(GetInstalledCertificateStatus::TABLE);
    }

    #[doc = "Request of `GetLocalListVersion`."]
    GetLocalListVersionRequest<'a> {
    }

    #[doc = "Answer to `GetLocalListVersion`."]
    GetLocalListVersionResponse<'a> {
        req list_version: Number<'a> = "listVersion", DIGITS;
    }

    #[doc = "Request of `GetLog`."]
    GetLogRequest<'a> {
        req log: LogParameters<'a> = "log", object(LogParameters::SCHEMA);
        req log_type: Open<'a, Log> = "logType", code(Log::TABLE);
        req request_id: Number<'a> = "requestId", INTEGER;
        opt retries: Number<'a> = "retries", INTEGER;
        opt retry_interval: Number<'a> = "retryInterval", INTEGER;
    }

    #[doc = "Answer to `GetLog`."]
    GetLogResponse<'a> {
        req status: Open<'a, LogStatus> = "status", code(LogStatus::TABLE);
        opt filename: Text<'a> = "filename", text(255);
    }

    #[doc = "Request of `Heartbeat`."]
    HeartbeatRequest<'a> {
    }

    #[doc = "Answer to `Heartbeat`."]
    HeartbeatResponse<'a> {
        req current_time: DateTime<'a> = "currentTime", TIME;
    }

    #[doc = "`IdTagInfo`."]
    IdTagInfo<'a> {
        opt expiry_date: DateTime<'a> = "expiryDate", TIME;
        opt parent_id_tag: Identifier<'a> = "parentIdTag", text(20);
        req status: Open<'a, IdTagInfoStatus> = "status", code(IdTagInfoStatus::TABLE);
    }

    #[doc = "Request of `InstallCertificate`."]
    InstallCertificateRequest<'a> {
        req certificate_type: Open<'a, CertificateUse> = "certificateType", code(CertificateUse::TABLE);
        req certificate: Identifier<'a> = "certificate", text(5500);
    }

    #[doc = "Answer to `InstallCertificate`."]
    InstallCertificateResponse<'a> {
        req status: Open<'a, InstallCertificateStatus> = "status", code(InstallCertificateStatus::TABLE);
    }

    #[doc = "`LocalAuthorizationList`."]
    LocalAuthorizationList<'a> {
        req id_tag: Identifier<'a> = "idTag", text(20);
        opt id_tag_info: IdTagInfo<'a> = "idTagInfo", object(IdTagInfo::SCHEMA);
    }

    #[doc = "`LogParameters`."]
    LogParameters<'a> {
        req remote_location: Text<'a> = "remoteLocation", text(512);
        opt oldest_timestamp: DateTime<'a> = "oldestTimestamp", TIME;
        opt latest_timestamp: DateTime<'a> = "latestTimestamp", TIME;
    }

    #[doc = "Request of `LogStatusNotification`."]
    LogStatusNotificationRequest<'a> {
        req status: Open<'a, UploadLogStatus> = "status", code(UploadLogStatus::TABLE);
        opt request_id: Number<'a> = "requestId", INTEGER;
    }

    #[doc = "Answer to `LogStatusNotification`."]
    LogStatusNotificationResponse<'a> {
    }

    #[doc = "`MeterValue`."]
    MeterValue<'a> {
        req timestamp: DateTime<'a> = "timestamp", TIME;
        req sampled_value: List<'a, SampledValue<'a>> = "sampledValue", list(&object(SampledValue::SCHEMA), 0, u16::MAX);
    }

    #[doc = "Request of `MeterValues`."]
    MeterValuesRequest<'a> {
        req connector_id: Number<'a> = "connectorId", DIGITS;
        opt transaction_id: Number<'a> = "transactionId", DIGITS;
        req meter_value: List<'a, MeterValue<'a>> = "meterValue", list(&object(MeterValue::SCHEMA), 0, u16::MAX);
    }

    #[doc = "Answer to `MeterValues`."]
    MeterValuesResponse<'a> {
    }

    #[doc = "Request of `RemoteStartTransaction`."]
    RemoteStartTransactionRequest<'a> {
        opt connector_id: Number<'a> = "connectorId", DIGITS;
        req id_tag: Identifier<'a> = "idTag", text(20);
        opt charging_profile: ChargingProfile<'a> = "chargingProfile", object(ChargingProfile::SCHEMA);
    }

    #[doc = "Answer to `RemoteStartTransaction`."]
    RemoteStartTransactionResponse<'a> {
        req status: Open<'a, RemoteStartTransactionStatus> = "status", code(RemoteStartTransactionStatus::TABLE);
    }

    #[doc = "Request of `RemoteStopTransaction`."]
    RemoteStopTransactionRequest<'a> {
        req transaction_id: Number<'a> = "transactionId", DIGITS;
    }

    #[doc = "Answer to `RemoteStopTransaction`."]
    RemoteStopTransactionResponse<'a> {
        req status: Open<'a, RemoteStopTransactionStatus> = "status", code(RemoteStopTransactionStatus::TABLE);
    }

    #[doc = "Request of `ReserveNow`."]
    ReserveNowRequest<'a> {
        req connector_id: Number<'a> = "connectorId", DIGITS;
        req expiry_date: DateTime<'a> = "expiryDate", TIME;
        req id_tag: Identifier<'a> = "idTag", text(20);
        opt parent_id_tag: Identifier<'a> = "parentIdTag", text(20);
        req reservation_id: Number<'a> = "reservationId", DIGITS;
    }

    #[doc = "Answer to `ReserveNow`."]
    ReserveNowResponse<'a> {
        req status: Open<'a, ReserveNowStatus> = "status", code(ReserveNowStatus::TABLE);
    }

    #[doc = "Request of `Reset`."]
    ResetRequest<'a> {
        req type_: Open<'a, ResetType> = "type", code(ResetType::TABLE);
    }

    #[doc = "Answer to `Reset`."]
    ResetResponse<'a> {
        req status: Open<'a, ResetStatus> = "status", code(ResetStatus::TABLE);
    }

    #[doc = "`SampledValue`."]
    SampledValue<'a> {
        req value: Text<'a> = "value", TEXT;
        opt context: Open<'a, Context> = "context", code(Context::TABLE);
        opt format: Open<'a, Format> = "format", code(Format::TABLE);
        opt measurand: Open<'a, Measurand> = "measurand", code(Measurand::TABLE);
        opt phase: Open<'a, Phase> = "phase", code(Phase::TABLE);
        opt location: Open<'a, Location> = "location", code(Location::TABLE);
        opt unit: Open<'a, Unit> = "unit", code(Unit::TABLE);
    }

    #[doc = "Request of `SecurityEventNotification`."]
    SecurityEventNotificationRequest<'a> {
        req type_: Text<'a> = "type", text(50);
        req timestamp: DateTime<'a> = "timestamp", TIME;
        opt tech_info: Text<'a> = "techInfo", text(255);
    }

    #[doc = "Answer to `SecurityEventNotification`."]
    SecurityEventNotificationResponse<'a> {
    }

    #[doc = "Request of `SendLocalList`."]
    SendLocalListRequest<'a> {
        req list_version: Number<'a> = "listVersion", DIGITS;
        opt local_authorization_list: List<'a, LocalAuthorizationList<'a>> = "localAuthorizationList", list(&object(LocalAuthorizationList::SCHEMA), 0, u16::MAX);
        req update_type: Open<'a, UpdateType> = "updateType", code(UpdateType::TABLE);
    }

    #[doc = "Answer to `SendLocalList`."]
    SendLocalListResponse<'a> {
        req status: Open<'a, SendLocalListStatus> = "status", code(SendLocalListStatus::TABLE);
    }

    #[doc = "Request of `SetChargingProfile`."]
    SetChargingProfileRequest<'a> {
        req connector_id: Number<'a> = "connectorId", DIGITS;
        req cs_charging_profiles: CsChargingProfiles<'a> = "csChargingProfiles", object(CsChargingProfiles::SCHEMA);
    }

    #[doc = "Answer to `SetChargingProfile`."]
    SetChargingProfileResponse<'a> {
        req status: Open<'a, SetChargingProfileStatus> = "status", code(SetChargingProfileStatus::TABLE);
    }

    #[doc = "Request of `SignCertificate`."]
    SignCertificateRequest<'a> {
        req csr: Identifier<'a> = "csr", text(5500);
    }

    #[doc = "Answer to `SignCertificate`."]
    SignCertificateResponse<'a> {
        req status: Open<'a, GenericStatus> = "status", code(GenericStatus::TABLE);
    }

    #[doc = "Request of `SignedFirmwareStatusNotification`."]
    SignedFirmwareStatusNotificationRequest<'a> {
        req status: Open<'a, FirmwareStatus> = "status", code(FirmwareStatus::TABLE);
        opt request_id: Number<'a> = "requestId", INTEGER;
    }

    #[doc = "Answer to `SignedFirmwareStatusNotification`."]
    SignedFirmwareStatusNotificationResponse<'a> {
    }

    #[doc = "Request of `SignedUpdateFirmware`."]
    SignedUpdateFirmwareRequest<'a> {
        opt retries: Number<'a> = "retries", INTEGER;
        opt retry_interval: Number<'a> = "retryInterval", INTEGER;
        req request_id: Number<'a> = "requestId", INTEGER;
        req firmware: Firmware<'a> = "firmware", object(Firmware::SCHEMA);
    }

    #[doc = "Answer to `SignedUpdateFirmware`."]
    SignedUpdateFirmwareResponse<'a> {
        req status: Open<'a, UpdateFirmwareStatus> = "status", code(UpdateFirmwareStatus::TABLE);
    }

    #[doc = "Request of `StartTransaction`."]
    StartTransactionRequest<'a> {
        req connector_id: Number<'a> = "connectorId", DIGITS;
        req id_tag: Identifier<'a> = "idTag", text(20);
        req meter_start: Number<'a> = "meterStart", DIGITS;
        opt reservation_id: Number<'a> = "reservationId", DIGITS;
        req timestamp: DateTime<'a> = "timestamp", TIME;
    }

    #[doc = "Answer to `StartTransaction`."]
    StartTransactionResponse<'a> {
        req id_tag_info: IdTagInfo<'a> = "idTagInfo", object(IdTagInfo::SCHEMA);
        req transaction_id: Number<'a> = "transactionId", DIGITS;
    }

    #[doc = "Request of `StatusNotification`."]
    StatusNotificationRequest<'a> {
        req connector_id: Number<'a> = "connectorId", DIGITS;
        req error_code: Open<'a, ErrorCode> = "errorCode", code(ErrorCode::TABLE);
        opt info: Text<'a> = "info", text(50);
        req status: Open<'a, StatusNotificationStatus> = "status", code(StatusNotificationStatus::TABLE);
        opt timestamp: DateTime<'a> = "timestamp", TIME;
        opt vendor_id: Text<'a> = "vendorId", text(255);
        opt vendor_error_code: Text<'a> = "vendorErrorCode", text(50);
    }

    #[doc = "Answer to `StatusNotification`."]
    StatusNotificationResponse<'a> {
    }

    #[doc = "Request of `StopTransaction`."]
    StopTransactionRequest<'a> {
        opt id_tag: Identifier<'a> = "idTag", text(20);
        req meter_stop: Number<'a> = "meterStop", DIGITS;
        req timestamp: DateTime<'a> = "timestamp", TIME;
        req transaction_id: Number<'a> = "transactionId", DIGITS;
        opt reason: Open<'a, Reason> = "reason", code(Reason::TABLE);
        opt transaction_data: List<'a, TransactionData<'a>> = "transactionData", list(&object(TransactionData::SCHEMA), 0, u16::MAX);
    }

    #[doc = "Answer to `StopTransaction`."]
    StopTransactionResponse<'a> {
        opt id_tag_info: IdTagInfo<'a> = "idTagInfo", object(IdTagInfo::SCHEMA);
    }

    #[doc = "`TransactionData`."]
    TransactionData<'a> {
        req timestamp: DateTime<'a> = "timestamp", TIME;
        req sampled_value: List<'a, SampledValue<'a>> = "sampledValue", list(&object(SampledValue::SCHEMA), 0, u16::MAX);
    }

    #[doc = "Request of `TriggerMessage`."]
    TriggerMessageRequest<'a> {
        req requested_message: Open<'a, RequestedMessage> = "requestedMessage", code(RequestedMessage::TABLE);
        opt connector_id: Number<'a> = "connectorId", DIGITS;
    }

    #[doc = "Answer to `TriggerMessage`."]
    TriggerMessageResponse<'a> {
        req status: Open<'a, TriggerMessageStatus> = "status", code(TriggerMessageStatus::TABLE);
    }

    #[doc = "Request of `UnlockConnector`."]
    UnlockConnectorRequest<'a> {
        req connector_id: Number<'a> = "connectorId", DIGITS;
    }

    #[doc = "Answer to `UnlockConnector`."]
    UnlockConnectorResponse<'a> {
        req status: Open<'a, UnlockConnectorStatus> = "status", code(UnlockConnectorStatus::TABLE);
    }

    #[doc = "Request of `UpdateFirmware`."]
    UpdateFirmwareRequest<'a> {
        req location: Text<'a> = "location", TEXT;
        opt retries: Number<'a> = "retries", DIGITS;
        req retrieve_date: DateTime<'a> = "retrieveDate", TIME;
        opt retry_interval: Number<'a> = "retryInterval", DIGITS;
    }

    #[doc = "Answer to `UpdateFirmware`."]
    UpdateFirmwareResponse<'a> {
    }
}

enumerations! {

    #[doc = "`BootNotificationStatus`."]
    BootNotificationStatus {
        Accepted = "Accepted",
        Pending = "Pending",
        Rejected = "Rejected",
    }

    #[doc = "`CancelReservationStatus`."]
    CancelReservationStatus {
        Accepted = "Accepted",
        Rejected = "Rejected",
    }

    #[doc = "`CertificateSignedStatus`."]
    CertificateSignedStatus {
        Accepted = "Accepted",
        Rejected = "Rejected",
    }

    #[doc = "`CertificateUse`."]
    CertificateUse {
        CentralSystemRootCertificate = "CentralSystemRootCertificate",
        ManufacturerRootCertificate = "ManufacturerRootCertificate",
    }

    #[doc = "`ChangeAvailabilityStatus`."]
    ChangeAvailabilityStatus {
        Accepted = "Accepted",
        Rejected = "Rejected",
        Scheduled = "Scheduled",
    }

    #[doc = "`ChangeAvailabilityType`."]
    ChangeAvailabilityType {
        Inoperative = "Inoperative",
        Operative = "Operative",
    }

    #[doc = "`ChangeConfigurationStatus`."]
    ChangeConfigurationStatus {
        Accepted = "Accepted",
        Rejected = "Rejected",
        RebootRequired = "RebootRequired",
        NotSupported = "NotSupported",
    }

    #[doc = "`ChargingProfileKind`."]
    ChargingProfileKind {
        Absolute = "Absolute",
        Recurring = "Recurring",
        Relative = "Relative",
    }

    #[doc = "`ChargingProfilePurpose`."]
    ChargingProfilePurpose {
        ChargePointMaxProfile = "ChargePointMaxProfile",
        TxDefaultProfile = "TxDefaultProfile",
        TxProfile = "TxProfile",
    }

    #[doc = "`ChargingRateUnit`."]
    ChargingRateUnit {
        A = "A",
        W = "W",
    }

    #[doc = "`ClearCacheStatus`."]
    ClearCacheStatus {
        Accepted = "Accepted",
        Rejected = "Rejected",
    }

    #[doc = "`ClearChargingProfileStatus`."]
    ClearChargingProfileStatus {
        Accepted = "Accepted",
        Unknown = "Unknown",
    }

    #[doc = "`Context`."]
    Context {
        InterruptionBegin = "Interruption.Begin",
        InterruptionEnd = "Interruption.End",
        SampleClock = "Sample.Clock",
        SamplePeriodic = "Sample.Periodic",
        TransactionBegin = "Transaction.Begin",
        TransactionEnd = "Transaction.End",
        Trigger = "Trigger",
        Other = "Other",
    }

    #[doc = "`DataTransferStatus`."]
    DataTransferStatus {
        Accepted = "Accepted",
        Rejected = "Rejected",
        UnknownMessageId = "UnknownMessageId",
        UnknownVendorId = "UnknownVendorId",
    }

    #[doc = "`DeleteCertificateStatus`."]
    DeleteCertificateStatus {
        Accepted = "Accepted",
        Failed = "Failed",
        NotFound = "NotFound",
    }

    #[doc = "`DiagnosticsStatusNotificationStatus`."]
    DiagnosticsStatusNotificationStatus {
        Idle = "Idle",
        Uploaded = "Uploaded",
        UploadFailed = "UploadFailed",
        Uploading = "Uploading",
    }

    #[doc = "`ErrorCode`."]
    ErrorCode {
        ConnectorLockFailure = "ConnectorLockFailure",
        EvCommunicationError = "EVCommunicationError",
        GroundFailure = "GroundFailure",
        HighTemperature = "HighTemperature",
        InternalError = "InternalError",
        LocalListConflict = "LocalListConflict",
        NoError = "NoError",
        OtherError = "OtherError",
        OverCurrentFailure = "OverCurrentFailure",
        PowerMeterFailure = "PowerMeterFailure",
        PowerSwitchFailure = "PowerSwitchFailure",
        ReaderFailure = "ReaderFailure",
        ResetFailure = "ResetFailure",
        UnderVoltage = "UnderVoltage",
        OverVoltage = "OverVoltage",
        WeakSignal = "WeakSignal",
    }

    #[doc = "`FirmwareStatus`."]
    FirmwareStatus {
        Downloaded = "Downloaded",
        DownloadFailed = "DownloadFailed",
        Downloading = "Downloading",
        DownloadScheduled = "DownloadScheduled",
        DownloadPaused = "DownloadPaused",
        Idle = "Idle",
        InstallationFailed = "InstallationFailed",
        Installing = "Installing",
        Installed = "Installed",
        InstallRebooting = "InstallRebooting",
        InstallScheduled = "InstallScheduled",
        InstallVerificationFailed = "InstallVerificationFailed",
        InvalidSignature = "InvalidSignature",
        SignatureVerified = "SignatureVerified",
    }

    #[doc = "`FirmwareStatusNotificationStatus`."]
    FirmwareStatusNotificationStatus {
        Downloaded = "Downloaded",
        DownloadFailed = "DownloadFailed",
        Downloading = "Downloading",
        Idle = "Idle",
        InstallationFailed = "InstallationFailed",
        Installing = "Installing",
        Installed = "Installed",
    }

    #[doc = "`Format`."]
    Format {
        Raw = "Raw",
        SignedData = "SignedData",
    }

    #[doc = "`GenericStatus`."]
    GenericStatus {
        Accepted = "Accepted",
        Rejected = "Rejected",
    }

    #[doc = "`GetCompositeScheduleStatus`."]
    GetCompositeScheduleStatus {
        Accepted = "Accepted",
        Rejected = "Rejected",
    }

    #[doc = "`GetInstalledCertificateStatus`."]
    GetInstalledCertificateStatus {
        Accepted = "Accepted",
        NotFound = "NotFound",
    }

    #[doc = "`HashAlgorithm`."]
    HashAlgorithm {
        Sha256 = "SHA256",
        Sha384 = "SHA384",
        Sha512 = "SHA512",
    }

    #[doc = "`IdTagInfoStatus`."]
    IdTagInfoStatus {
        Accepted = "Accepted",
        Blocked = "Blocked",
        Expired = "Expired",
        Invalid = "Invalid",
        ConcurrentTx = "ConcurrentTx",
    }

    #[doc = "`InstallCertificateStatus`."]
    InstallCertificateStatus {
        Accepted = "Accepted",
        Failed = "Failed",
        Rejected = "Rejected",
    }

    #[doc = "`Location`."]
    Location {
        Cable = "Cable",
        Ev = "EV",
        Inlet = "Inlet",
        Outlet = "Outlet",
        Body = "Body",
    }

    #[doc = "`Log`."]
    Log {
        DiagnosticsLog = "DiagnosticsLog",
        SecurityLog = "SecurityLog",
    }

    #[doc = "`LogStatus`."]
    LogStatus {
        Accepted = "Accepted",
        Rejected = "Rejected",
        AcceptedCanceled = "AcceptedCanceled",
    }

    #[doc = "`Measurand`."]
    Measurand {
        EnergyActiveExportRegister = "Energy.Active.Export.Register",
        EnergyActiveImportRegister = "Energy.Active.Import.Register",
        EnergyReactiveExportRegister = "Energy.Reactive.Export.Register",
        EnergyReactiveImportRegister = "Energy.Reactive.Import.Register",
        EnergyActiveExportInterval = "Energy.Active.Export.Interval",
        EnergyActiveImportInterval = "Energy.Active.Import.Interval",
        EnergyReactiveExportInterval = "Energy.Reactive.Export.Interval",
        EnergyReactiveImportInterval = "Energy.Reactive.Import.Interval",
        PowerActiveExport = "Power.Active.Export",
        PowerActiveImport = "Power.Active.Import",
        PowerOffered = "Power.Offered",
        PowerReactiveExport = "Power.Reactive.Export",
        PowerReactiveImport = "Power.Reactive.Import",
        PowerFactor = "Power.Factor",
        CurrentImport = "Current.Import",
        CurrentExport = "Current.Export",
        CurrentOffered = "Current.Offered",
        Voltage = "Voltage",
        Frequency = "Frequency",
        Temperature = "Temperature",
        Soc = "SoC",
        Rpm = "RPM",
    }

    #[doc = "`MessageTrigger`."]
    MessageTrigger {
        BootNotification = "BootNotification",
        LogStatusNotification = "LogStatusNotification",
        FirmwareStatusNotification = "FirmwareStatusNotification",
        Heartbeat = "Heartbeat",
        MeterValues = "MeterValues",
        SignChargePointCertificate = "SignChargePointCertificate",
        StatusNotification = "StatusNotification",
    }

    #[doc = "`Phase`."]
    Phase {
        L1 = "L1",
        L2 = "L2",
        L3 = "L3",
        N = "N",
        L1N = "L1-N",
        L2N = "L2-N",
        L3N = "L3-N",
        L1L2 = "L1-L2",
        L2L3 = "L2-L3",
        L3L1 = "L3-L1",
    }

    #[doc = "`Reason`."]
    Reason {
        EmergencyStop = "EmergencyStop",
        EvDisconnected = "EVDisconnected",
        HardReset = "HardReset",
        Local = "Local",
        Other = "Other",
        PowerLoss = "PowerLoss",
        Reboot = "Reboot",
        Remote = "Remote",
        SoftReset = "SoftReset",
        UnlockCommand = "UnlockCommand",
        DeAuthorized = "DeAuthorized",
    }

    #[doc = "`RecurrencyKind`."]
    RecurrencyKind {
        Daily = "Daily",
        Weekly = "Weekly",
    }

    #[doc = "`RemoteStartTransactionStatus`."]
    RemoteStartTransactionStatus {
        Accepted = "Accepted",
        Rejected = "Rejected",
    }

    #[doc = "`RemoteStopTransactionStatus`."]
    RemoteStopTransactionStatus {
        Accepted = "Accepted",
        Rejected = "Rejected",
    }

    #[doc = "`RequestedMessage`."]
    RequestedMessage {
        BootNotification = "BootNotification",
        DiagnosticsStatusNotification = "DiagnosticsStatusNotification",
        FirmwareStatusNotification = "FirmwareStatusNotification",
        Heartbeat = "Heartbeat",
        MeterValues = "MeterValues",
        StatusNotification = "StatusNotification",
    }

    #[doc = "`ReserveNowStatus`."]
    ReserveNowStatus {
        Accepted = "Accepted",
        Faulted = "Faulted",
        Occupied = "Occupied",
        Rejected = "Rejected",
        Unavailable = "Unavailable",
    }

    #[doc = "`ResetStatus`."]
    ResetStatus {
        Accepted = "Accepted",
        Rejected = "Rejected",
    }

    #[doc = "`ResetType`."]
    ResetType {
        Hard = "Hard",
        Soft = "Soft",
    }

    #[doc = "`SendLocalListStatus`."]
    SendLocalListStatus {
        Accepted = "Accepted",
        Failed = "Failed",
        NotSupported = "NotSupported",
        VersionMismatch = "VersionMismatch",
    }

    #[doc = "`SetChargingProfileStatus`."]
    SetChargingProfileStatus {
        Accepted = "Accepted",
        Rejected = "Rejected",
        NotSupported = "NotSupported",
    }

    #[doc = "`StatusNotificationStatus`."]
    StatusNotificationStatus {
        Available = "Available",
        Preparing = "Preparing",
        Charging = "Charging",
        SuspendedEvse = "SuspendedEVSE",
        SuspendedEv = "SuspendedEV",
        Finishing = "Finishing",
        Reserved = "Reserved",
        Unavailable = "Unavailable",
        Faulted = "Faulted",
    }

    #[doc = "`TriggerMessageStatus`."]
    TriggerMessageStatus {
        Accepted = "Accepted",
        Rejected = "Rejected",
        NotImplemented = "NotImplemented",
    }

    #[doc = "`Unit`."]
    Unit {
        Wh = "Wh",
        KWh = "kWh",
        Varh = "varh",
        Kvarh = "kvarh",
        W = "W",
        KW = "kW",
        Va = "VA",
        KVa = "kVA",
        Var = "var",
        Kvar = "kvar",
        A = "A",
        V = "V",
        K = "K",
        Celcius = "Celcius",
        Celsius = "Celsius",
        Fahrenheit = "Fahrenheit",
        Percent = "Percent",
    }

    #[doc = "`UnlockConnectorStatus`."]
    UnlockConnectorStatus {
        Unlocked = "Unlocked",
        UnlockFailed = "UnlockFailed",
        NotSupported = "NotSupported",
    }

    #[doc = "`UpdateFirmwareStatus`."]
    UpdateFirmwareStatus {
        Accepted = "Accepted",
        Rejected = "Rejected",
        AcceptedCanceled = "AcceptedCanceled",
        InvalidCertificate = "InvalidCertificate",
        RevokedCertificate = "RevokedCertificate",
    }

    #[doc = "`UpdateType`."]
    UpdateType {
        Differential = "Differential",
        Full = "Full",
    }

    #[doc = "`UploadLogStatus`."]
    UploadLogStatus {
        BadMessage = "BadMessage",
        Idle = "Idle",
        NotSupportedOperation = "NotSupportedOperation",
        PermissionDenied = "PermissionDenied",
        Uploaded = "Uploaded",
        UploadFailure = "UploadFailure",
        Uploading = "Uploading",
    }
}
