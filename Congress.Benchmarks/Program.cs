using BenchmarkDotNet.Running;
using Congress.Benchmarks.Workloads;

// dotnet run -c Release --project Congress.Benchmarks -- workloads [--data DIR] [NAME...]   rows and checksums of whole runs
// dotnet run -c Release --project Congress.Benchmarks -- --filter '*'                       BenchmarkDotNet
if (args is ["workloads", .. var rest])
{
    return await WorkloadCheck.RunAsync(rest);
}

BenchmarkSwitcher.FromAssembly(typeof(WorkloadCheck).Assembly).Run(args);
return 0;
