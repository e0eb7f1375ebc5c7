using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Congress.Bus;
using Congress.Bus.Protocol;
using Congress.Transport.NetMQ;

namespace Congress.Tests.Transports;

/// <summary>A mesh over sockets of one scheme.</summary>
/// <param name="scheme">tcp, tls or unix.</param>
/// <param name="engineOf">Which engine serves a node.</param>
internal sealed class SocketMesh(string scheme, Func<string, SocketEngine> engineOf) : TransportMesh
{
    private static readonly Dictionary<string, X509Certificate2> Certificates = new(StringComparer.Ordinal);

    private readonly Dictionary<string, string> _endpoints = new(StringComparer.Ordinal);
    private readonly string _folder = Directory.CreateTempSubdirectory("congress").FullName;

    /// <summary>Where the nodes listen.</summary>
    public IReadOnlyDictionary<string, string> Endpoints => _endpoints;

    /// <summary>Has a name lead to the place of another node.</summary>
    public void Mislead(string name, string actual) => _endpoints[name] = _endpoints[actual];

    public override IBusTransport Create(string name, Tuning tuning) => new NetMQTransport(new()
    {
        Listen = _endpoints.GetValueOrDefault(name) ?? (scheme == "unix" ? $"unix://{Path.Join(_folder, name)}" : $"{scheme}://127.0.0.1:0"),
        Peers = new Dictionary<string, string>(_endpoints, StringComparer.Ordinal),
        Engine = engineOf(name),
        QueueLength = tuning.QueueLength,
        QueueBytes = tuning.QueueBytes,
        Tls = scheme == "tls" ? KeysOf(name, "a", "b", "c", "d") : null,
        BadHandshakesBeforeBan = int.MaxValue,
    });

    /// <summary>The keys of a node that trusts some others with everything.</summary>
    public static TlsKeys KeysOf(string name, params string[] trusted) => new(
        CertificateOf(name),
        trusted.ToDictionary(n => TlsKeys.FingerprintOf(CertificateOf(n)), n => new PinnedPeer(new(n), PeerRole.Unrestricted), StringComparer.Ordinal));

    /// <summary>The certificate of a node, the same throughout the tests.</summary>
    public static X509Certificate2 CertificateOf(string name)
    {
        lock (Certificates)
        {
            if (!Certificates.TryGetValue(name, out var certificate))
            {
                using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
                var now = TimeProvider.System.GetUtcNow();
                Certificates[name] = certificate = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
            }

            return certificate;
        }
    }

    protected override void Started(string name, IBusTransport transport) => _endpoints[name] = ((NetMQTransport)transport).Endpoint!;

    protected override void Removed() => Directory.Delete(_folder, recursive: true);
}
