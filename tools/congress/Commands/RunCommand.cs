using System.CommandLine;
using System.Net;
using System.Runtime.InteropServices;
using Congress.Bus;
using Congress.Cli.Server;
using Congress.Diagnostics;

namespace Congress.Cli.Commands;

/// <summary><c>congress run</c>: a node of Congress, with all its services or some.</summary>
internal static class RunCommand
{
    public static Command Create(Session session)
    {
        var config = new Argument<string?>("CONFIG") { Description = "A JSON file that says what the node runs; docs/operations.md shows one.", Arity = ArgumentArity.ZeroOrOne };
        var port = new Option<int>("--port") { Description = "Where the API listens on this machine, without a CONFIG.", DefaultValueFactory = _ => 1789 };
        var state = new Option<string?>("--state") { Description = "The folder of the store.", HelpName = "DIR" };
        var library = new Option<string?>("--library") { Description = "A folder of policies (YAML) that a new library begins with.", HelpName = "DIR" };
        var drivers = new Option<string?>("--drivers") { Description = "A folder of assemblies with drivers.", HelpName = "DIR" };
        var api = new Option<bool>("--api") { Description = "Serve the API. Without --api, --policy-engine and --datasources: all three." };
        var engine = new Option<bool>("--policy-engine") { Description = "Run a policy engine." };
        var datasources = new Option<bool>("--datasources") { Description = "Run datasources." };
        var command = new Verb("run", "Runs Congress, or a part of it: the API, a policy engine, datasources. It ends with SIGTERM or Ctrl-C. Exit code 2: it cannot start.")
        {
            Examples = ["congress run --port 1789 --state /var/lib/congress", "congress run congress.json --policy-engine"],
        };
        command.Arguments.Add(config);
        foreach (var option in new Option[] { port, state, library, drivers, api, engine, datasources })
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed => session.Run(() =>
        {
            var all = !parsed.GetValue(api) && !parsed.GetValue(engine) && !parsed.GetValue(datasources);
            var options = parsed.GetValue(config) is { } file ? ServerConfig.Read(file) : Simple(parsed.GetValue(port));
            options = all ? options : options with { HasEngine = parsed.GetValue(engine), HasDatasources = parsed.GetValue(datasources) };   // what the command line says goes before the file
            options = options with
            {
                State = parsed.GetValue(state) ?? options.State,
                Library = parsed.GetValue(library) ?? options.Library,
                Drivers = parsed.GetValue(drivers) ?? options.Drivers,
                Api = all || parsed.GetValue(api) ? (options.Api ?? (all ? null : ServerConfig.LocalApi)) is not { } served ? null : served with { Failed = (request, exception) => session.Error.WriteLine($"congress: {request}: {exception}") } : null,
            };
            return RunAsync(session, options).GetAwaiter().GetResult();
        }));
        return command;
    }

    private static ServerOptions Simple(int port) => port is >= 0 and <= 65535
        ? new() { HasEngine = true, HasDatasources = true, Api = new() { Listen = new(IPAddress.Loopback, port) } }
        : throw new InputException("--port", $"'{port}' is no port; expected 0 to 65535");

    private static async Task<int> RunAsync(Session session, ServerOptions options)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(session.Cancellation);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            stop.Cancel();
        });
        try
        {
            await using var server = await CongressServer.StartAsync(options, stop.Token);
            session.Output.WriteLine(server.Greeting);
            session.Output.Flush();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return ExitCode.Fine;
        }
        catch (Exception exception) when (exception is StoreException or BusException or ArgumentException or IOException)
        {
            throw new InputException("congress run", exception.Message, exception);
        }
    }
}
