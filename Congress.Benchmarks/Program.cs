using BenchmarkDotNet.Running;
using Congress.Benchmarks.Bus.Transports;
using Congress.Benchmarks.Memory;
using Congress.Benchmarks.Workloads;

// dotnet run -c Release --project Congress.Benchmarks -- workloads [--data DIR] [NAME...]   rows and checksums of whole runs
// dotnet run -c Release --project Congress.Benchmarks -- memory [--strings N] [--changes N]  memory while values pass through
// dotnet run -c Release --project Congress.Benchmarks -- transports [--seconds S] [--out FILE]  transports beside raw sockets
// dotnet run -c Release --project Congress.Benchmarks -- --filter '*'                       BenchmarkDotNet
if (args is ["workloads", .. var rest])
{
    return await WorkloadCheck.RunAsync(rest);
}

if (args is ["memory", .. var options])
{
    return await MemoryCheck.RunAsync(options);
}

if (args is ["transports", .. var transports])
{
    return await TransportCheck.RunAsync(transports);
}

BenchmarkSwitcher.FromAssembly(typeof(WorkloadCheck).Assembly).Run(args);
return 0;
