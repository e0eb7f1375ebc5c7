using System.Globalization;
using System.Runtime.InteropServices;
using CloudPolicy;
using CloudPolicy.Cloud;
using CloudPolicy.Congress;

// A cloud whose VMs, networks and groups change, and Congress, which sees to it that no VM is connected to a private network of others.
//
//   dotnet run --project samples/CloudPolicy                    Congress in one process
//   dotnet run --project samples/CloudPolicy -- --processes     in five: the API, two policy engines, two nodes with datasources
//
// Exit code: 0 when each step went as told, 1 when one did not, 2 a wrong argument, 130 Ctrl-C.

if (args is not ([] or ["--processes"]))
{
    Console.Error.WriteLine("CloudPolicy: expected no argument, or --processes");
    return 2;
}

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

var began = TimeProvider.System.GetTimestamp();
try
{
    var inventory = new Inventory();
    await using var cloud = await CloudServer.StartAsync(inventory, stop.Token);
    Console.WriteLine($"The cloud is at {cloud.Url}. It has");
    foreach (var (vm, owner) in inventory.Vms)
    {
        var group = inventory.Groups.Single(m => m.User == owner).Group;
        Console.WriteLine($"   {vm,-9} of {owner} (group {group}), on {string.Join(" and ", inventory.Ports.Where(p => p.Vm == vm).Select(p => p.Network))}");
    }

    Console.WriteLine("   and workers of ann, which come and go.");
    var scaling = new Scaling(inventory);
    var going = scaling.RunAsync(stop.Token);

    await using var congress = args.Length == 0 ? Deployment.OneProcess() : Deployment.FiveProcesses();
    Console.WriteLine($"Congress starts; its configuration and its state are in {congress.Folder}.");
    foreach (var greeting in await congress.StartAsync("dry-run", stop.Token))
    {
        Console.WriteLine($"   {greeting}");
    }

    using (var client = new CongressClient(() => congress.Api))
    await using (var stream = new ViolationStream(() => congress.Api))
    {
        await new Story(inventory, cloud, congress, client, stream, stop.Token).TellAsync();
    }

    await congress.StopAsync();
    await stop.CancelAsync();
    await going;
    Console.WriteLine();
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"All went as told, in {TimeProvider.System.GetElapsedTime(began).TotalSeconds:0.0} s. {scaling.Started} other VMs came meanwhile, and most of them went."));
    return 0;
}
catch (Exception e) when (e is StoryException or HttpRequestException or IOException)
{
    Console.Error.WriteLine($"CloudPolicy: {e.Message}");
    return 1;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 130;
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
}
