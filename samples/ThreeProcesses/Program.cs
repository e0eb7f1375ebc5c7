using System.Runtime.InteropServices;
using Congress.Bus;
using Congress.Diagnostics;
using ThreeProcesses;

// Three services on one machine: a datasource (the facts of this host), a policy engine, and a watcher that prints violations as they come and go.
//
//   dotnet run --project samples/ThreeProcesses                    each in a process of its own; kill any of them and watch it recover
//   dotnet run --project samples/ThreeProcesses -- --in-process    the same three in one process
//
// Options: --seconds N (ends by itself), --scheme tcp|unix (between the processes; unix unless told otherwise), --engine managed|package (for tcp),
// --folder DIR (audited, and where the sockets are), --role NAME --endpoints FOLDER (one of the three processes; the launcher starts them so).
// Exit code: 0 at the end of its time, 130 Ctrl-C, 2 a wrong argument.

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
{
    signal.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
});
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
{
    signal.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
});

try
{
    var options = SampleOptions.Parse(args);
    if (options.Seconds is { } seconds)
    {
        stop.CancelAfter(TimeSpan.FromSeconds(seconds));
    }

    if (options.EndsWithInput)
    {
        _ = Task.Run(async () =>
        {
            while (await Console.In.ReadLineAsync() is not null)
            {
            }

            await stop.CancelAsync();
        });
    }

    if (options.Role is { } role)
    {
        await Roles.RunAsync(role, options, stop.Token);
    }
    else if (options.InProcess)
    {
        await Roles.RunAllAsync(options, stop.Token);
    }
    else
    {
        await Launcher.RunAsync(options, stop.Token);
    }

    return options.Seconds is null ? 130 : 0;
}
catch (Exception e) when (e is PolicyException or BusException or IOException or ArgumentException or FormatException)
{
    Console.Error.WriteLine($"ThreeProcesses: {e.Message}");
    return 2;
}
