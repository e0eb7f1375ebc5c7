using System.Net;
using Congress.Cli.Server.Http;
using Congress.Policies.Enforcement;
using Congress.Transport.NetMQ;

namespace Congress.Cli.Server;

/// <summary>What a node runs, and with what.</summary>
internal sealed record ServerOptions
{
    /// <summary>The policies that come with the command; null where they have been left out.</summary>
    public static string? OwnLibrary { get; } = Path.Join(AppContext.BaseDirectory, "library") is var folder && Directory.Exists(folder) ? folder : null;

    /// <summary>The name of the node.</summary>
    public string Node { get; init; } = "congress";

    /// <summary>The folder of the store and its key; null for a node that has only the API.</summary>
    public string? State { get; init; }

    /// <summary>A folder with policies that a new library begins with; null: it is empty.</summary>
    public string? Library { get; init; } = OwnLibrary;

    /// <summary>A folder with assemblies that have drivers.</summary>
    public string? Drivers { get; init; }

    /// <summary>Where and how the API is served; null: not by this node.</summary>
    public HttpOptions? Api { get; init; }

    /// <summary>Whether the node has a policy engine.</summary>
    public bool HasEngine { get; init; }

    /// <summary>Whether the node runs datasources.</summary>
    public bool HasDatasources { get; init; }

    /// <summary>How it reaches other nodes; null: it is alone.</summary>
    public NetMQTransportOptions? Bus { get; init; }

    /// <summary>What becomes of the actions that rules ask for.</summary>
    public EnforcementOptions Enforcement { get; init; } = new();

    /// <summary>For how long one node holds a datasource, or the right to act, without renewing that.</summary>
    public TimeSpan LeaseTime { get; init; } = TimeSpan.FromSeconds(9);
}
