using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Congress.Transport.NetMQ;

namespace Congress.Tests.Cli;

/// <summary>Two processes of Congress that speak TLS, as those on several machines would.</summary>
public sealed class RunTlsTests : IDisposable
{
    private static readonly string[] Shared = ["policy-engine", "datasources"];
    private static readonly string[] Face = ["api"];

    private readonly CommandSandbox _sandbox = new();
    private readonly List<Process> _processes = [];

    public void Dispose()
    {
        foreach (var process in _processes)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }

        _sandbox.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_API_of_one_node_reaches_the_engine_of_another_whose_key_it_knows(bool isKnown)
    {
        var (engine, api, stranger) = (MakeKey("engine"), MakeKey("api"), MakeKey("stranger"));
        var port = FreePort();
        object tls(string name, string pin, string peer) => new { certificate = $"{name}.pem", key = $"{name}.key", pins = new Dictionary<string, object>(StringComparer.Ordinal) { [pin] = new { node = peer } } };
        await StartAsync("engine", new
        {
            node = "engine", state = "state", services = Shared,
            bus = new { listen = $"tls://127.0.0.1:{port}", peers = new { api = "tls://127.0.0.1:1" }, tls = tls("engine", isKnown ? api : stranger, "api") },
        });
        var greeting = await StartAsync("api", new
        {
            node = "api", services = Face, api = new { listen = "127.0.0.1:0", timeout_seconds = 2 },
            bus = new { peers = new { engine = $"tls://127.0.0.1:{port}" }, tls = tls("api", engine, "engine") },
        });
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
        var policies = new Uri(new Uri(greeting[greeting.IndexOf("http", StringComparison.Ordinal)..]), "v1/policies");
        for (var i = 0; ; i++)
        {
            using var answer = await client.GetAsync(policies);
            if (isKnown ? answer.StatusCode == HttpStatusCode.OK : i == 5)
            {
                Assert.Equal(isKnown ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable, answer.StatusCode);
                break;
            }

            Assert.True(i < 100, await answer.Content.ReadAsStringAsync());
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }

    private async Task<string> StartAsync(string name, object config)
    {
        var process = _sandbox.With($"{name}.json", JsonSerializer.Serialize(config)).Start([], "run", $"{name}.json");
        _processes.Add(process);
        return await process.StandardOutput.ReadLineAsync() is { } greeting ? greeting : throw new InvalidOperationException(await process.StandardError.ReadToEndAsync());
    }

    /// <summary>Makes the files of a node's key; the answer is its pin.</summary>
    private string MakeKey(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
        _sandbox.With($"{name}.pem", certificate.ExportCertificatePem()).With($"{name}.key", key.ExportPkcs8PrivateKeyPem());
        return TlsKeys.FingerprintOf(certificate);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
