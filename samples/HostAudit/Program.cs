using System.Runtime.InteropServices;
using Congress.Datasources.Drivers.Host;
using Congress.Diagnostics;
using Congress.Policies;
using HostAudit;

// Audits the machine it runs on.
//
//   dotnet run --project samples/HostAudit [-- [--folder DIR] [--policy FILE] [--root DIR] [--json] [--watch [--interval SECONDS]]]
//
// With --watch it goes on until Ctrl-C, and prints violations as they appear (+) and clear (-).
// Exit code: 0 nothing found, 1 violations, 2 a wrong argument or policy, 130 Ctrl-C.

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
{
    // The second time the process ends at once, as it would have without us.
    signal.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
});

try
{
    var options = AuditOptions.Parse(args);
    var driver = new HostFactsDriver(new()
    {
        Root = options.Root,
        Folder = options.Root == "/" || options.Folder.StartsWith(options.Root, StringComparison.Ordinal) ? options.Folder : null,
    });
    await using var audit = new Audit(await File.ReadAllTextAsync(options.Policy, stop.Token), Path.GetFileName(options.Policy), driver);
    var writer = new AuditWriter(Console.Out, options.Json);
    await audit.PollAsync(stop.Token);
    if (options.Watch)
    {
        Summarize(audit.Facts, await Watching.RunAsync(audit, options.Interval, writer, m => Console.Error.WriteLine($"HostAudit: {m}"), stop.Token));
        return 130;
    }

    var violations = audit.Violations;
    writer.Write(violations);
    Summarize(audit.Facts, violations);
    return violations.Count == 0 ? 0 : 1;
}
catch (Exception e) when (e is PolicyException or IOException or UnauthorizedAccessException or ArgumentException or FormatException)
{
    Console.Error.WriteLine($"HostAudit: {e.Message}");
    return 2;
}
catch (OperationCanceledException)
{
    return 130;
}

static void Summarize(long facts, IReadOnlyCollection<Violation> violations) => Console.Error.WriteLine(
    $"{facts} facts, {violations.Count(v => v.Severity == "error")} errors, {violations.Count(v => v.Severity == "warning")} warnings");
