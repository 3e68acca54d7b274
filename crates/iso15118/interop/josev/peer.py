"""One end of a session by the Python package `iso15118` (Josev), on a TCP connection of loopback, without SDP and TLS.

`peer.py station PROTOCOL...` prints `listening PORT` and serves one session; `peer.py vehicle PORT PROTOCOL SERVICE MODE`
charges once. Exit code 0 if Josev calls the session successful. Josev's log is on standard output, too.
"""

import asyncio
import logging
import os
import sys

from iso15118.evcc.comm_session_handler import EVCCCommunicationSession
from iso15118.evcc.controller.simulator import SimEVController
from iso15118.evcc.evcc_config import EVCCConfig
from iso15118.secc.comm_session_handler import SECCCommunicationSession
from iso15118.secc.controller.interface import ServiceStatus
from iso15118.secc.controller.simulator import SimEVSEController
from iso15118.secc.secc_settings import Config
from iso15118.shared.exi_codec import EXI
from iso15118.shared.exificient_exi_codec import ExificientEXICodec
from iso15118.shared.messages.enums import Protocol
from iso15118.shared.messages.timeouts import Timeouts
from iso15118.shared.notifications import StopNotification
from iso15118.shared.settings import load_shared_settings

PATIENCE = 30


class Outlet(SimEVSEController):
    """Josev's simulated charger, whose voltage stays at 1 V, with a voltage that follows the vehicle's target."""

    async def send_charging_command(self, voltage, *_, **__):
        if voltage is not None:
            self.evse_data_context.present_voltage = voltage


async def ended(queue):
    """Waits until the session tells how it ended."""
    while True:
        notification = await queue.get()
        if isinstance(notification, StopNotification):
            print(f"josev: {notification.reason}", file=sys.stderr)
            return notification.successful


async def station(protocols):
    os.environ.update(PROTOCOLS=",".join(protocols), AUTH_MODES="EIM", SECC_ENFORCE_TLS="false")
    config = Config()
    config.load_envs()
    controller = Outlet()
    await controller.set_status(ServiceStatus.STARTING)
    evse_id = await controller.get_evse_id(Protocol.UNKNOWN)
    queue = asyncio.Queue()

    async def serve(reader, writer):
        session = SECCCommunicationSession((reader, writer), queue, config, controller, evse_id)
        await session.start(PATIENCE)

    server = await asyncio.start_server(serve, "::1", 0)
    print(f"listening {server.sockets[0].getsockname()[1]}", flush=True)
    return await ended(queue)


async def vehicle(port, protocol, service, mode):
    load_shared_settings()
    config = EVCCConfig(
        supportedProtocols=[protocol],
        supportedEnergyServices=[service],
        energyTransferMode=mode,
        useTls=False,
        chargeLoopCycle=5,
    )
    config.load_raw_values()
    queue = asyncio.Queue()
    streams = await asyncio.open_connection("::1", port)
    controller = SimEVController(config)
    session = EVCCCommunicationSession(streams, queue, config, "lo", controller)
    await session.send_sap()
    running = asyncio.create_task(session.start(Timeouts.SUPPORTED_APP_PROTOCOL_REQ))
    successful = await ended(queue)
    running.cancel()
    return successful


def main():
    logging.basicConfig(stream=sys.stderr)
    EXI().set_exi_codec(ExificientEXICodec())
    role, *rest = sys.argv[1:]
    if role == "station":
        successful = asyncio.run(station(rest))
    else:
        successful = asyncio.run(vehicle(int(rest[0]), *rest[1:]))
    sys.exit(0 if successful else 1)


if __name__ == "__main__":
    main()
