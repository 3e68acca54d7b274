//! Ballista on loopback: its scheduler in this process, its executors in processes of their own.
//!
//! Every port is one that was free. An executor says on its standard output when it is ready and, at the end, how many
//! records it settled; it ends when its standard input does, so none outlives the program.

use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use ballista::prelude::{SessionConfigExt, SessionContextExt};
use ballista_core::serde::protobuf::scheduler_grpc_client::SchedulerGrpcClient;
use ballista_executor::new_standalone_executor_from_state;
use ballista_scheduler::standalone::new_standalone_scheduler_from_state;
use datafusion::prelude::{SessionConfig, SessionContext};
use futures::future::{select_all, try_join_all};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::timeout;

use crate::{function, query};

/// What an executor says once it asks the scheduler for work.
const READY: &str = "ready";
/// How long one may take for that, and to end.
const PATIENCE: Duration = Duration::from_secs(60);

/// A scheduler and its executors.
pub(crate) struct Cluster {
    context: SessionContext,
    executors: Vec<Executor>,
    start_up: Duration,
    /// Where executors keep what they hand to each other; gone with this.
    _scratch: TempDir,
}

struct Executor {
    process: Child,
    /// Closed, it tells the executor to end.
    stdin: ChildStdin,
    stdout: Lines<BufReader<ChildStdout>>,
}

impl Cluster {
    /// Starts a cluster and waits until every executor is ready.
    pub(crate) async fn start(partitions: usize, executors: usize, cores: usize) -> Result<Self> {
        let began = Instant::now();
        let config = query::with_partitions(SessionConfig::new_with_ballista(), partitions);
        let state = query::state(config)?;
        let scheduler = new_standalone_scheduler_from_state(&state).await?;
        let url = format!("http://localhost:{}", scheduler.port());
        let scratch = TempDir::new()?;
        let start = || Executor::start(&url, cores, &scratch);
        let mut executors = (0..executors).map(|_| start()).collect::<Result<Vec<_>>>()?;
        try_join_all(executors.iter_mut().map(Executor::ready)).await?;
        let context = SessionContext::remote_with_state(&url, state).await?;
        // A remote context starts over with the stock functions.
        context.register_udf(function::settle());
        Ok(Self { context, executors, start_up: began.elapsed(), _scratch: scratch })
    }

    pub(crate) const fn start_up(&self) -> Duration {
        self.start_up
    }

    /// Does some work with the cluster; fails if an executor ends meanwhile, for the scheduler would wait for another.
    pub(crate) async fn run<T>(
        &mut self,
        work: impl AsyncFnOnce(&SessionContext) -> Result<T>,
    ) -> Result<T> {
        let ends = self.executors.iter_mut().map(|executor| Box::pin(executor.process.wait()));
        tokio::select! {
            done = work(&self.context) => done,
            (ended, ..) = select_all(ends) => bail!("an executor ended: {}", ended?),
            // So that executors and scratch files are cleared away.
            _ = tokio::signal::ctrl_c() => bail!("interrupted"),
        }
    }

    /// Ends the executors; how many records each settled.
    pub(crate) async fn stop(self) -> Result<Vec<u64>> {
        try_join_all(self.executors.into_iter().map(Executor::stop)).await
    }
}

impl Executor {
    fn start(scheduler: &str, cores: usize, scratch: &TempDir) -> Result<Self> {
        let mut process = Command::new(std::env::current_exe()?)
            .args(["executor", "--scheduler", scheduler, "--cores", &cores.to_string()])
            .env("TMPDIR", scratch.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("starting an executor")?;
        let stdin = process.stdin.take().context("an executor without input")?;
        let stdout = process.stdout.take().context("an executor without output")?;
        Ok(Self { process, stdin, stdout: BufReader::new(stdout).lines() })
    }

    async fn ready(&mut self) -> Result<()> {
        let said = timeout(PATIENCE, self.stdout.next_line()).await;
        match said.context("an executor does not get ready")?? {
            Some(said) if said == READY => Ok(()),
            _ => bail!("an executor ended: {}", self.process.wait().await?),
        }
    }

    async fn stop(mut self) -> Result<u64> {
        drop(self.stdin);
        let said = timeout(PATIENCE, self.stdout.next_line()).await;
        let said =
            said.context("an executor does not end")??.context("an executor says nothing")?;
        timeout(PATIENCE, self.process.wait()).await.context("an executor does not end")??;
        Ok(said.parse()?)
    }
}

/// An executor: what [`Cluster::start`] starts, until standard input ends.
pub(crate) async fn execute(scheduler: String, cores: usize) -> Result<()> {
    let client = SchedulerGrpcClient::connect(scheduler).await?;
    let state = query::state(SessionConfig::new_with_ballista())?;
    new_standalone_executor_from_state(client, cores, &state).await?;
    crate::say(READY)?;
    tokio::io::stdin().read_to_end(&mut Vec::new()).await?;
    crate::say(&function::records_settled().to_string())
}
