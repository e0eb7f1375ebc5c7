using System.Globalization;
using System.Net;
using System.Text.Json;
using Congress.Cli.Server.Http;
using Congress.Policies.Enforcement;

namespace Congress.Cli.Server;

/// <summary>What a node runs, as a file says it: JSON, with comments if need be. docs/operations.md tells its members.</summary>
internal static class ServerConfig
{
    private static readonly JsonDocumentOptions Options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = 16 };

    /// <summary>The API for this machine only, which needs no tokens.</summary>
    public static HttpOptions LocalApi { get; } = new() { Listen = new(IPAddress.Loopback, 1789) };

    /// <summary>Reads a file.</summary>
    /// <exception cref="InputException">It cannot be read, is no JSON, or says something that makes no sense; the message says where, and what was expected.</exception>
    public static ServerOptions Read(string file)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file), Options);
            return OptionsOf(new(file, "", document.RootElement));
        }
        catch (JsonException exception)
        {
            throw new InputException(string.Create(CultureInfo.InvariantCulture, $"{file}:{exception.LineNumber + 1}:{exception.BytePositionInLine + 1}"), $"no JSON: {exception.Message}", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException(file, $"it cannot be read: {exception.Message}", exception);
        }
    }

    private static ServerOptions OptionsOf(ConfigObject config)
    {
        config.Expect("node", "state", "library", "drivers", "services", "api", "bus", "lease_seconds", "enforcement", "$schema");
        var services = config.Texts("services") ?? ["api", "policy-engine", "datasources"];
        if (services.FirstOrDefault(s => s is not ("api" or "policy-engine" or "datasources")) is { } unknown)
        {
            throw config.Wrong("services", $"has '{unknown}'; expected some of api, policy-engine, datasources");
        }

        return new()
        {
            Node = config.Text("node") ?? "congress",
            State = config.Text("state"),
            Library = config.Text("library") ?? ServerOptions.OwnLibrary,
            Drivers = config.Text("drivers"),
            HasEngine = services.Contains("policy-engine", StringComparer.Ordinal),
            HasDatasources = services.Contains("datasources", StringComparer.Ordinal),
            Api = services.Contains("api", StringComparer.Ordinal) ? ApiOf(config.Object("api")) : null,
            Bus = config.Object("bus") is { } bus ? BusConfig.Read(bus) : null,
            LeaseTime = TimeSpan.FromSeconds(config.Number("lease_seconds", 9, 1, 3600)),
            Enforcement = config.Object("enforcement") is { } enforcement ? EnforcementOf(enforcement) : new(),
        };
    }

    private static HttpOptions ApiOf(ConfigObject? config)
    {
        if (config is null)
        {
            return LocalApi;
        }

        config.Expect("listen", "timeout_seconds", "requests", "connections", "tokens");
        var text = config.Text("listen") ?? "127.0.0.1:1789";
        if (!IPEndPoint.TryParse(text, out var listen) || !text.Contains(':', StringComparison.Ordinal))
        {
            throw config.Wrong("listen", $"is '{text}'; expected an address and a port, such as 127.0.0.1:1789 or [::]:1789");
        }

        var tokens = config.Objects("tokens")?.Select(TokenOf).ToArray();
        return tokens is { Length: > 0 } || IPAddress.IsLoopback(listen.Address)
            ? new()
            {
                Listen = listen,
                Tokens = tokens is { Length: > 0 } ? tokens : null,
                Timeout = TimeSpan.FromSeconds(config.Number("timeout_seconds", 10, 0.1, 3600)),
                Requests = (int)config.Number("requests", 1024, 1, 1_000_000),
                Connections = (int)config.Number("connections", 4096, 1, 1_000_000),
            }
            : throw config.Wrong("listen", $"is {listen}, which others reach, and there are no tokens; expected a loopback address, or tokens");
    }

    private static TokenHash TokenOf(ConfigObject config)
    {
        config.Expect("name", "role", "sha256");
        var hash = config.Text("sha256") ?? throw config.Wrong("sha256", "is missing; expected 64 hexadecimal digits");
        var role = config.Text("role");
        return hash.Length != 64 || !hash.All(char.IsAsciiHexDigit) ? throw config.Wrong("sha256", "is no hash; expected 64 hexadecimal digits")
            : role is "reader" or "author" or "operator" or "admin" ? new(config.Text("name") ?? role, Enum.Parse<Role>(role, ignoreCase: true), Convert.FromHexString(hash))
            : throw config.Wrong("role", $"is '{role}'; expected reader, author, operator or admin");
    }

    private static EnforcementOptions EnforcementOf(ConfigObject config)
    {
        config.Expect("mode", "modes", "guard_calls", "guard_part", "guard_from", "guard_seconds");
        return new()
        {
            Mode = ModeOf(config, "mode", config.Text("mode")),
            Modes = (config.Object("modes")?.Members() ?? []).ToDictionary(m => m.Name, m => ModeOf(config, $"modes.{m.Name}", m.Value.ToString()), StringComparer.Ordinal),
            GuardCalls = (int)config.Number("guard_calls", 100, 0, 1_000_000),
            GuardPart = config.Number("guard_part", 0.5, 0, 1),
            GuardFrom = (int)config.Number("guard_from", 10, 0, 1_000_000),
            GuardTime = TimeSpan.FromSeconds(config.Number("guard_seconds", 60, 1, 86_400)),
        };
    }

    private static EnforcementMode ModeOf(ConfigObject config, string member, string? mode) => mode switch
    {
        null or "dry-run" => EnforcementMode.DryRun,
        "off" => EnforcementMode.Off,
        "approval" => EnforcementMode.Approval,
        "enforce" => EnforcementMode.Enforce,
        _ => throw config.Wrong(member, $"is '{mode}'; expected off, dry-run, approval or enforce"),
    };
}
