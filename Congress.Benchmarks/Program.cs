using BenchmarkDotNet.Running;
using Congress.Benchmarks.Bus;
using Congress.Benchmarks.Bus.Simulation;
using Congress.Benchmarks.Bus.Transports;
using Congress.Benchmarks.Cluster;
using Congress.Benchmarks.Datalog;
using Congress.Benchmarks.Memory;
using Congress.Benchmarks.Store;
using Congress.Benchmarks.Workloads;

// dotnet run -c Release --project Congress.Benchmarks -- COMMAND, where COMMAND is one of
//   workloads [--data DIR] [NAME...]                        rows and checksums of whole runs
//   changes [--data DIR] [NAME...]                          single changes and batches, everything kept up to date
//   queries [--seconds N]                                   two threads of questions beside 10,000 changes a second
//   memory [--strings N] [--changes N]                      memory while values pass through
//   bus [--short] [--transport KIND] [--out FILE]           calls, changes and snapshots over the bus
//   transports [--seconds S] [--out FILE]                   transports beside raw sockets and libzmq
//   simulate --seeds N [--from S] [--out FILE]              the bus under faults in virtual time
//   processes [--kills N] [--stops N] [--out FILE]          the bus between processes that are killed and stopped
//   writers [--rules N] [--kills N]                         rules of four processes in one store
//   cluster [--kills N] [--figures] [--congress FILE]       seven processes of Congress that are killed under load
//   engines [--rules N] [--congress FILE]                   rules through four engine processes on one store
//   refresh [--rows N] [--pushes N] [--congress FILE]       a large table that changes, and pushed rows, between two processes
//   slow [--seconds N] [--changes N] [--out FILE]           a publisher beside a subscriber that does not read
//   --filter '*'                                            BenchmarkDotNet
return args switch
{
    ["workloads", .. var rest] => await WorkloadCheck.RunAsync(rest),
    ["changes", .. var rest] => await ChangeCheck.RunAsync(rest),
    ["queries", .. var rest] => await QueriesBesideChanges.RunAsync(rest),
    ["memory", .. var rest] => await MemoryCheck.RunAsync(rest),
    ["bus", .. var rest] => await BusCheck.RunAsync(rest),
    ["transports", .. var rest] => await TransportCheck.RunAsync(rest),
    ["simulate", .. var rest] => SimulateCommand.Run(rest),
    ["processes", .. var rest] => await ProcessCheck.RunAsync(rest),
    ["writers", .. var rest] => await RuleWriters.RunAsync(rest),
    ["cluster", .. var rest] => await ClusterCheck.RunAsync(rest),
    ["engines", .. var rest] => await EngineWriters.RunAsync(rest),
    ["refresh", .. var rest] => await RefreshCheck.RunAsync(rest),
    ["slow", .. var rest] => await SlowReaderCheck.RunAsync(rest),
    _ => RunBenchmarks(args),
};

static int RunBenchmarks(string[] args)
{
    BenchmarkSwitcher.FromAssembly(typeof(WorkloadCheck).Assembly).Run(args);
    return 0;
}
