using Congress.Datasources.Drivers.Host;
using Congress.Diagnostics;
using HostAudit;

// Audits the machine it runs on.
//
//   dotnet run --project samples/HostAudit [-- [--folder DIR] [--policy FILE] [--root DIR]]
//
// Exit code: 0 nothing found, 1 violations, 2 a wrong argument or policy.

string? folder = Directory.GetCurrentDirectory();
var policy = Path.Combine(AppContext.BaseDirectory, "policy.dl");
var root = "/";
for (var i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--folder" when i + 1 < args.Length:
            folder = Path.GetFullPath(args[++i]);
            break;
        case "--policy" when i + 1 < args.Length:
            policy = args[++i];
            break;
        case "--root" when i + 1 < args.Length:
            root = Path.GetFullPath(args[++i]);
            break;
        default:
            Console.Error.WriteLine($"HostAudit: unknown argument '{args[i]}'; expected --folder DIR, --policy FILE or --root DIR");
            return 2;
    }
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};

try
{
    var driver = new HostFactsDriver(new() { Root = root, Folder = root == "/" || folder.StartsWith(root, StringComparison.Ordinal) ? folder : null });
    var (violations, rows) = await Audit.RunAsync(await File.ReadAllTextAsync(policy, stop.Token), Path.GetFileName(policy), driver, stop.Token);
    foreach (var violation in violations)
    {
        Console.WriteLine(violation);
        foreach (var condition in violation.Body)
        {
            Console.WriteLine($"    {condition}");
        }
    }

    Console.Error.WriteLine($"{rows} facts, {violations.Count(v => v.Severity == "error")} errors, {violations.Count(v => v.Severity == "warning")} warnings");
    return violations.Count == 0 ? 0 : 1;
}
catch (Exception e) when (e is PolicyException or IOException or UnauthorizedAccessException or ArgumentException)
{
    Console.Error.WriteLine($"HostAudit: {e.Message}");
    return 2;
}
catch (OperationCanceledException)
{
    return 130;
}
