// @generated from the OCPP JSON schemas by `cargo run -p evse-ocpp-codegen`. Do not edit.

//! Messages of what OCPP 2.0.1 and 2.1 have in common: a row per member.

use crate::message::schema::kinds::*;
use crate::message::{DateTime, Identifier, List, Number, Open, Text, Value};

objects! {
    Both2x;

    #[doc = "Request of `BootNotification`."]
    BootNotificationRequest<'a> {
        req charging_station: ChargingStation<'a> = "chargingStation", object(ChargingStation::SCHEMA);
        req reason: Open<'a, BootReason> = "reason", code(BootReason::TABLE);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`CertificateHashData`."]
    CertificateHashData<'a> {
        req hash_algorithm: Open<'a, HashAlgorithm> = "hashAlgorithm", code(HashAlgorithm::TABLE);
        req issuer_name_hash: Text<'a> = "issuerNameHash", text(128);
        req issuer_key_hash: Text<'a> = "issuerKeyHash", text(128);
        req serial_number: Identifier<'a> = "serialNumber", text(40);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`ChargingStation`."]
    ChargingStation<'a> {
        opt serial_number: Identifier<'a> = "serialNumber", text(25);
        req model: Text<'a> = "model", text(20);
        opt modem: Modem<'a> = "modem", object(Modem::SCHEMA);
        req vendor_name: Text<'a> = "vendorName", text(50);
        opt firmware_version: Text<'a> = "firmwareVersion", text(50);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `ClearCache`."]
    ClearCacheRequest<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `ClearedChargingLimit`."]
    ClearedChargingLimitResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`ConsumptionCost`."]
    ConsumptionCost<'a> {
        req start_value: Number<'a> = "startValue", NUMBER;
        req cost: List<'a, Cost<'a>> = "cost", list(&object(Cost::SCHEMA), 1, 3);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`Cost`."]
    Cost<'a> {
        req cost_kind: Open<'a, CostKind> = "costKind", code(CostKind::TABLE);
        req amount: Number<'a> = "amount", INTEGER;
        opt amount_multiplier: Number<'a> = "amountMultiplier", INTEGER;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `CostUpdated`."]
    CostUpdatedRequest<'a> {
        req total_cost: Number<'a> = "totalCost", NUMBER;
        req transaction_id: Text<'a> = "transactionId", text(36);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `CostUpdated`."]
    CostUpdatedResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`CustomData`."]
    CustomData<'a> (open) {
        req vendor_id: Text<'a> = "vendorId", text(255);
    }

    #[doc = "Request of `DataTransfer`."]
    DataTransferRequest<'a> {
        opt message_id: Text<'a> = "messageId", text(50);
        opt data: Value<'a> = "data", ANY;
        req vendor_id: Text<'a> = "vendorId", text(255);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `DeleteCertificate`."]
    DeleteCertificateRequest<'a> {
        req certificate_hash_data: CertificateHashData<'a> = "certificateHashData", object(CertificateHashData::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `FirmwareStatusNotification`."]
    FirmwareStatusNotificationResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `GetBaseReport`."]
    GetBaseReportRequest<'a> {
        req request_id: Number<'a> = "requestId", INTEGER;
        req report_base: Open<'a, ReportBase> = "reportBase", code(ReportBase::TABLE);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `GetLocalListVersion`."]
    GetLocalListVersionRequest<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `GetLocalListVersion`."]
    GetLocalListVersionResponse<'a> {
        req version_number: Number<'a> = "versionNumber", INTEGER;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `GetTransactionStatus`."]
    GetTransactionStatusRequest<'a> {
        opt transaction_id: Text<'a> = "transactionId", text(36);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `GetTransactionStatus`."]
    GetTransactionStatusResponse<'a> {
        opt ongoing_indicator: bool = "ongoingIndicator", FLAG;
        req messages_in_queue: bool = "messagesInQueue", FLAG;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `Heartbeat`."]
    HeartbeatRequest<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `Heartbeat`."]
    HeartbeatResponse<'a> {
        req current_time: DateTime<'a> = "currentTime", TIME;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `LogStatusNotification`."]
    LogStatusNotificationResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `MeterValues`."]
    MeterValuesResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`Modem`."]
    Modem<'a> {
        opt iccid: Identifier<'a> = "iccid", text(20);
        opt imsi: Identifier<'a> = "imsi", text(20);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `NotifyChargingLimit`."]
    NotifyChargingLimitResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `NotifyCustomerInformation`."]
    NotifyCustomerInformationResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `NotifyDisplayMessages`."]
    NotifyDisplayMessagesResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `NotifyEvent`."]
    NotifyEventResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `NotifyMonitoringReport`."]
    NotifyMonitoringReportResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `NotifyReport`."]
    NotifyReportResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `PublishFirmwareStatusNotification`."]
    PublishFirmwareStatusNotificationResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`RelativeTimeInterval`."]
    RelativeTimeInterval<'a> {
        req start: Number<'a> = "start", INTEGER;
        opt duration: Number<'a> = "duration", INTEGER;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `ReportChargingProfiles`."]
    ReportChargingProfilesResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `RequestStopTransaction`."]
    RequestStopTransactionRequest<'a> {
        req transaction_id: Text<'a> = "transactionId", text(36);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `ReservationStatusUpdate`."]
    ReservationStatusUpdateResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`SalesTariffEntry`."]
    SalesTariffEntry<'a> {
        req relative_time_interval: RelativeTimeInterval<'a> = "relativeTimeInterval", object(RelativeTimeInterval::SCHEMA);
        opt e_price_level: Number<'a> = "ePriceLevel", integer(0, i32::MAX);
        opt consumption_cost: List<'a, ConsumptionCost<'a>> = "consumptionCost", list(&object(ConsumptionCost::SCHEMA), 1, 3);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `SecurityEventNotification`."]
    SecurityEventNotificationRequest<'a> {
        req type_: Text<'a> = "type", text(50);
        req timestamp: DateTime<'a> = "timestamp", TIME;
        opt tech_info: Text<'a> = "techInfo", text(255);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `SecurityEventNotification`."]
    SecurityEventNotificationResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `SetMonitoringBase`."]
    SetMonitoringBaseRequest<'a> {
        req monitoring_base: Open<'a, MonitoringBase> = "monitoringBase", code(MonitoringBase::TABLE);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `StatusNotification`."]
    StatusNotificationResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`UnitOfMeasure`."]
    UnitOfMeasure<'a> {
        opt unit: Text<'a> = "unit", text(20);
        opt multiplier: Number<'a> = "multiplier", INTEGER;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `UnpublishFirmware`."]
    UnpublishFirmwareRequest<'a> {
        req checksum: Text<'a> = "checksum", text(32);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `UnpublishFirmware`."]
    UnpublishFirmwareResponse<'a> {
        req status: Open<'a, UnpublishFirmwareStatus> = "status", code(UnpublishFirmwareStatus::TABLE);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`Variable`."]
    Variable<'a> {
        req name: Text<'a> = "name", text(50);
        opt instance: Text<'a> = "instance", text(50);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`VariableAttribute`."]
    VariableAttribute<'a> {
        opt type_: Open<'a, Attribute> = "type", code(Attribute::TABLE);
        opt value: Text<'a> = "value", text(2500);
        opt mutability: Open<'a, Mutability> = "mutability", code(Mutability::TABLE);
        opt persistent: bool = "persistent", FLAG;
        opt constant: bool = "constant", FLAG;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }
}

enumerations! {

    #[doc = "`Attribute`."]
    Attribute {
        Actual = "Actual",
        Target = "Target",
        MinSet = "MinSet",
        MaxSet = "MaxSet",
    }

    #[doc = "`AuthorizationStatus`."]
    AuthorizationStatus {
        Accepted = "Accepted",
        Blocked = "Blocked",
        ConcurrentTx = "ConcurrentTx",
        Expired = "Expired",
        Invalid = "Invalid",
        NoCredit = "NoCredit",
        NotAllowedTypeEvse = "NotAllowedTypeEVSE",
        NotAtThisLocation = "NotAtThisLocation",
        NotAtThisTime = "NotAtThisTime",
        Unknown = "Unknown",
    }

    #[doc = "`AuthorizeCertificateStatus`."]
    AuthorizeCertificateStatus {
        Accepted = "Accepted",
        SignatureError = "SignatureError",
        CertificateExpired = "CertificateExpired",
        CertificateRevoked = "CertificateRevoked",
        NoCertificateAvailable = "NoCertificateAvailable",
        CertChainError = "CertChainError",
        ContractCancelled = "ContractCancelled",
    }

    #[doc = "`BootReason`."]
    BootReason {
        ApplicationReset = "ApplicationReset",
        FirmwareUpdate = "FirmwareUpdate",
        LocalReset = "LocalReset",
        PowerUp = "PowerUp",
        RemoteReset = "RemoteReset",
        ScheduledReset = "ScheduledReset",
        Triggered = "Triggered",
        Unknown = "Unknown",
        Watchdog = "Watchdog",
    }

    #[doc = "`CancelReservationStatus`."]
    CancelReservationStatus {
        Accepted = "Accepted",
        Rejected = "Rejected",
    }

    #[doc = "`CertificateAction`."]
    CertificateAction {
        Install = "Install",
        Update = "Update",
    }

    #[doc = "`CertificateSignedStatus`."]
    CertificateSignedStatus {
        Accepted = "Accepted",
        Rejected = "Rejected",
    }

    #[doc = "`ChangeAvailabilityStatus`."]
    ChangeAvailabilityStatus {
        Accepted = "Accepted",
        Rejected = "Rejected",
        Scheduled = "Scheduled",
    }

    #[doc = "`ChargingProfileStatus`."]
    ChargingProfileStatus {
        Accepted = "Accepted",
        Rejected = "Rejected",
    }

    #[doc = "`ChargingRateUnit`."]
    ChargingRateUnit {
        W = "W",
        A = "A",
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

    #[doc = "`ClearMonitoringStatus`."]
    ClearMonitoringStatus {
        Accepted = "Accepted",
        Rejected = "Rejected",
        NotFound = "NotFound",
    }

    #[doc = "`ComponentCriterion`."]
    ComponentCriterion {
        Active = "Active",
        Available = "Available",
        Enabled = "Enabled",
        Problem = "Problem",
    }

    #[doc = "`ConnectorStatus`."]
    ConnectorStatus {
        Available = "Available",
        Occupied = "Occupied",
        Reserved = "Reserved",
        Unavailable = "Unavailable",
        Faulted = "Faulted",
    }

    #[doc = "`CostKind`."]
    CostKind {
        CarbonDioxideEmission = "CarbonDioxideEmission",
        RelativePricePercentage = "RelativePricePercentage",
        RenewableGenerationPercentage = "RenewableGenerationPercentage",
    }

    #[doc = "`CustomerInformationStatus`."]
    CustomerInformationStatus {
        Accepted = "Accepted",
        Rejected = "Rejected",
        Invalid = "Invalid",
    }

    #[doc = "`Data`."]
    Data {
        String = "string",
        Decimal = "decimal",
        Integer = "integer",
        DateTime = "dateTime",
        Boolean = "boolean",
        OptionList = "OptionList",
        SequenceList = "SequenceList",
        MemberList = "MemberList",
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

    #[doc = "`EventNotification`."]
    EventNotification {
        HardWiredNotification = "HardWiredNotification",
        HardWiredMonitor = "HardWiredMonitor",
        PreconfiguredMonitor = "PreconfiguredMonitor",
        CustomMonitor = "CustomMonitor",
    }

    #[doc = "`EventTrigger`."]
    EventTrigger {
        Alerting = "Alerting",
        Delta = "Delta",
        Periodic = "Periodic",
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

    #[doc = "`GenericDeviceModelStatus`."]
    GenericDeviceModelStatus {
        Accepted = "Accepted",
        Rejected = "Rejected",
        NotSupported = "NotSupported",
        EmptyResultSet = "EmptyResultSet",
    }

    #[doc = "`GenericStatus`."]
    GenericStatus {
        Accepted = "Accepted",
        Rejected = "Rejected",
    }

    #[doc = "`GetCertificateStatus`."]
    GetCertificateStatus {
        Accepted = "Accepted",
        Failed = "Failed",
    }

    #[doc = "`GetChargingProfileStatus`."]
    GetChargingProfileStatus {
        Accepted = "Accepted",
        NoProfiles = "NoProfiles",
    }

    #[doc = "`GetDisplayMessagesStatus`."]
    GetDisplayMessagesStatus {
        Accepted = "Accepted",
        Unknown = "Unknown",
    }

    #[doc = "`GetInstalledCertificateStatus`."]
    GetInstalledCertificateStatus {
        Accepted = "Accepted",
        NotFound = "NotFound",
    }

    #[doc = "`GetVariableStatus`."]
    GetVariableStatus {
        Accepted = "Accepted",
        Rejected = "Rejected",
        UnknownComponent = "UnknownComponent",
        UnknownVariable = "UnknownVariable",
        NotSupportedAttributeType = "NotSupportedAttributeType",
    }

    #[doc = "`HashAlgorithm`."]
    HashAlgorithm {
        Sha256 = "SHA256",
        Sha384 = "SHA384",
        Sha512 = "SHA512",
    }

    #[doc = "`InstallCertificateStatus`."]
    InstallCertificateStatus {
        Accepted = "Accepted",
        Rejected = "Rejected",
        Failed = "Failed",
    }

    #[doc = "`Iso15118EvCertificateStatus`."]
    Iso15118EvCertificateStatus {
        Accepted = "Accepted",
        Failed = "Failed",
    }

    #[doc = "`LogStatus`."]
    LogStatus {
        Accepted = "Accepted",
        Rejected = "Rejected",
        AcceptedCanceled = "AcceptedCanceled",
    }

    #[doc = "`MessagePriority`."]
    MessagePriority {
        AlwaysFront = "AlwaysFront",
        InFront = "InFront",
        NormalCycle = "NormalCycle",
    }

    #[doc = "`MonitoringBase`."]
    MonitoringBase {
        All = "All",
        FactoryDefault = "FactoryDefault",
        HardWiredOnly = "HardWiredOnly",
    }

    #[doc = "`MonitoringCriterion`."]
    MonitoringCriterion {
        ThresholdMonitoring = "ThresholdMonitoring",
        DeltaMonitoring = "DeltaMonitoring",
        PeriodicMonitoring = "PeriodicMonitoring",
    }

    #[doc = "`Mutability`."]
    Mutability {
        ReadOnly = "ReadOnly",
        WriteOnly = "WriteOnly",
        ReadWrite = "ReadWrite",
    }

    #[doc = "`OperationalStatus`."]
    OperationalStatus {
        Inoperative = "Inoperative",
        Operative = "Operative",
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

    #[doc = "`PublishFirmwareStatus`."]
    PublishFirmwareStatus {
        Idle = "Idle",
        DownloadScheduled = "DownloadScheduled",
        Downloading = "Downloading",
        Downloaded = "Downloaded",
        Published = "Published",
        DownloadFailed = "DownloadFailed",
        DownloadPaused = "DownloadPaused",
        InvalidChecksum = "InvalidChecksum",
        ChecksumVerified = "ChecksumVerified",
        PublishFailed = "PublishFailed",
    }

    #[doc = "`ReadingContext`."]
    ReadingContext {
        InterruptionBegin = "Interruption.Begin",
        InterruptionEnd = "Interruption.End",
        Other = "Other",
        SampleClock = "Sample.Clock",
        SamplePeriodic = "Sample.Periodic",
        TransactionBegin = "Transaction.Begin",
        TransactionEnd = "Transaction.End",
        Trigger = "Trigger",
    }

    #[doc = "`RecurrencyKind`."]
    RecurrencyKind {
        Daily = "Daily",
        Weekly = "Weekly",
    }

    #[doc = "`RegistrationStatus`."]
    RegistrationStatus {
        Accepted = "Accepted",
        Pending = "Pending",
        Rejected = "Rejected",
    }

    #[doc = "`ReportBase`."]
    ReportBase {
        ConfigurationInventory = "ConfigurationInventory",
        FullInventory = "FullInventory",
        SummaryInventory = "SummaryInventory",
    }

    #[doc = "`RequestStartStopStatus`."]
    RequestStartStopStatus {
        Accepted = "Accepted",
        Rejected = "Rejected",
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
        Scheduled = "Scheduled",
    }

    #[doc = "`SendLocalListStatus`."]
    SendLocalListStatus {
        Accepted = "Accepted",
        Failed = "Failed",
        VersionMismatch = "VersionMismatch",
    }

    #[doc = "`SetMonitoringStatus`."]
    SetMonitoringStatus {
        Accepted = "Accepted",
        UnknownComponent = "UnknownComponent",
        UnknownVariable = "UnknownVariable",
        UnsupportedMonitorType = "UnsupportedMonitorType",
        Rejected = "Rejected",
        Duplicate = "Duplicate",
    }

    #[doc = "`SetNetworkProfileStatus`."]
    SetNetworkProfileStatus {
        Accepted = "Accepted",
        Rejected = "Rejected",
        Failed = "Failed",
    }

    #[doc = "`SetVariableStatus`."]
    SetVariableStatus {
        Accepted = "Accepted",
        Rejected = "Rejected",
        UnknownComponent = "UnknownComponent",
        UnknownVariable = "UnknownVariable",
        NotSupportedAttributeType = "NotSupportedAttributeType",
        RebootRequired = "RebootRequired",
    }

    #[doc = "`TransactionEvent`."]
    TransactionEvent {
        Ended = "Ended",
        Started = "Started",
        Updated = "Updated",
    }

    #[doc = "`TriggerMessageStatus`."]
    TriggerMessageStatus {
        Accepted = "Accepted",
        Rejected = "Rejected",
        NotImplemented = "NotImplemented",
    }

    #[doc = "`UnlockStatus`."]
    UnlockStatus {
        Unlocked = "Unlocked",
        UnlockFailed = "UnlockFailed",
        OngoingAuthorizedTransaction = "OngoingAuthorizedTransaction",
        UnknownConnector = "UnknownConnector",
    }

    #[doc = "`UnpublishFirmwareStatus`."]
    UnpublishFirmwareStatus {
        DownloadOngoing = "DownloadOngoing",
        NoFirmware = "NoFirmware",
        Unpublished = "Unpublished",
    }

    #[doc = "`Update`."]
    Update {
        Differential = "Differential",
        Full = "Full",
    }

    #[doc = "`UpdateFirmwareStatus`."]
    UpdateFirmwareStatus {
        Accepted = "Accepted",
        Rejected = "Rejected",
        AcceptedCanceled = "AcceptedCanceled",
        InvalidCertificate = "InvalidCertificate",
        RevokedCertificate = "RevokedCertificate",
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
        AcceptedCanceled = "AcceptedCanceled",
    }

    #[doc = "`VpnKind`."]
    VpnKind {
        IkEv2 = "IKEv2",
        IpSec = "IPSec",
        L2tp = "L2TP",
        Pptp = "PPTP",
    }
}
