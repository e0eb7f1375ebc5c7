using BenchmarkDotNet.Running;
<<<<<<< HEAD
using Congress.Benchmarks.Bus;
=======
using Congress.Benchmarks.Bus.Simulation;
>>>>>>> e84a4402e01aec8747b8fa14d29551a1c1e6af61
using Congress.Benchmarks.Memory;
using Congress.Benchmarks.Workloads;

// dotnet run -c Release --project Congress.Benchmarks -- workloads [--data DIR] [NAME...]   rows and checksums of whole runs
// dotnet run -c Release --project Congress.Benchmarks -- memory [--strings N] [--changes N]  memory while values pass through
<<<<<<< HEAD
// dotnet run -c Release --project Congress.Benchmarks -- bus [--short] [--transport KIND] [--out FILE]   calls, changes and snapshots over the bus
=======
// dotnet run -c Release --project Congress.Benchmarks -- simulate --seeds N [--from S] [--out F] the bus under faults in virtual time
>>>>>>> e84a4402e01aec8747b8fa14d29551a1c1e6af61
// dotnet run -c Release --project Congress.Benchmarks -- --filter '*'                       BenchmarkDotNet
if (args is ["workloads", .. var rest])
{
    return await WorkloadCheck.RunAsync(rest);
}

if (args is ["memory", .. var options])
{
    return await MemoryCheck.RunAsync(options);
}

<<<<<<< HEAD
if (args is ["bus", .. var bus])
{
    return await BusCheck.RunAsync(bus);
=======
if (args is ["simulate", .. var seeds])
{
    return SimulateCommand.Run(seeds);
>>>>>>> e84a4402e01aec8747b8fa14d29551a1c1e6af61
}

BenchmarkSwitcher.FromAssembly(typeof(WorkloadCheck).Assembly).Run(args);
return 0;
