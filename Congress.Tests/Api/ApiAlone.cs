using System.Net;
using Congress.Bus;
using Congress.Cli.Server.Http;
using Microsoft.AspNetCore.Builder;

namespace Congress.Tests.Api;

/// <summary>The API over HTTP on a node that has only the services that it is given.</summary>
internal sealed class ApiAlone : IAsyncDisposable
{
    private readonly DseNode _node;
    private readonly WebApplication _web;
    private readonly HttpClient _client = new();

    private ApiAlone(DseNode node, WebApplication web) => (_node, _web) = (node, web);

    public static async Task<ApiAlone> StartAsync(params DataService[] services)
    {
        var node = new DseNode("alone");
        Array.ForEach(services, s => node.Register(s));
        await node.StartAsync();
        var web = HttpFace.Create(node, new() { Listen = new(IPAddress.Loopback, 0), Timeout = TimeSpan.FromSeconds(2) });
        await web.StartAsync();
        return new(node, web);
    }

    public async Task<ApiAnswer> GetAsync(string path)
    {
        using var answer = await _client.GetAsync(new Uri(new(_web.Urls.Single()), path));
        return new((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(), new Dictionary<string, string>());
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _web.StopAsync();
        await _web.DisposeAsync();
        await _node.DisposeAsync();
    }
}
