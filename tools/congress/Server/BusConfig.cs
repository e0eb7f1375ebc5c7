using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Congress.Data;
using Congress.Bus.Protocol;
using Congress.Transport.NetMQ;

namespace Congress.Cli.Server;

/// <summary>How a node reaches others, as a file says it.</summary>
internal static class BusConfig
{
    private static readonly string[] Everything = ["*"];

    /// <summary>Reads the member <c>bus</c>.</summary>
    /// <exception cref="InputException">It makes no sense, or names files that cannot be read.</exception>
    public static NetMQTransportOptions Read(ConfigObject config)
    {
        config.Expect("listen", "peers", "engine", "allow_plaintext", "tls");
        var peers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, endpoint) in config.Object("peers")?.Members() ?? [])
        {
            peers[name] = endpoint.ValueKind == JsonValueKind.String ? endpoint.GetString()! : throw config.Wrong($"peers.{name}", "is no text; expected an endpoint, such as tls://10.0.0.1:7001");
        }

        return new()
        {
            Listen = config.Text("listen"),
            Peers = peers,
            AllowPlaintext = config.Flag("allow_plaintext"),
            Tls = config.Object("tls") is { } tls ? KeysOf(tls) : null,
            Engine = config.Text("engine") switch
            {
                null or "managed" => SocketEngine.Managed,
                "package" => SocketEngine.Package,
                var other => throw config.Wrong("engine", $"is '{other}'; expected managed or package"),
            },
        };
    }

    private static TlsKeys KeysOf(ConfigObject config)
    {
        config.Expect("certificate", "key", "pins");
        var (certificate, key) = (
            config.Text("certificate") ?? throw config.Wrong("certificate", "is missing; expected a PEM file"), config.Text("key") ?? throw config.Wrong("key", "is missing; expected a PEM file"));
        var pins = new Dictionary<string, PinnedPeer>(StringComparer.OrdinalIgnoreCase);
        foreach (var (pin, json) in config.Object("pins")?.Members() ?? throw config.Wrong("pins", "is missing; expected an object with the fingerprints of the peers' keys"))
        {
            var peer = config.Object("pins")!.Object(pin)!;
            peer.Expect("node", "publish", "call", "subscribe");
            var node = peer.Text("node");
            pins[pin] = new(NodeId.IsValid(node) ? new(node!) : throw peer.Wrong("node", $"is '{node}'; expected the name of the peer"), new(peer.Texts("publish") ?? Everything, peer.Texts("call") ?? Everything, peer.Texts("subscribe") ?? Everything));
        }

        try
        {
            return new(X509Certificate2.CreateFromPemFile(certificate, key), pins);
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw config.Wrong("certificate", $"and 'key' cannot be read from {certificate} and {key}: {exception.Message}");
        }
        catch (ArgumentException exception)
        {
            throw config.Wrong("pins", exception.Message);
        }
    }
}
