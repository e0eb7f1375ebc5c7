using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CloudPolicy.Cloud;

/// <summary>The cloud's services on one port of this machine: a login and a catalog as Keystone's, servers as Nova's, networks and ports as Neutron's, users as a
/// directory's that speaks SCIM.</summary>
internal sealed class CloudServer : IAsyncDisposable
{
    /// <summary>Who may ask, besides nobody.</summary>
    public const string User = "congress";

    private readonly WebApplication _web;
    private readonly Inventory _inventory;
    private readonly string _token = RandomNumberGenerator.GetHexString(32);

    private CloudServer(WebApplication web, Inventory inventory) => (_web, _inventory) = (web, inventory);

    /// <summary>The password of <see cref="User"/>.</summary>
    public string Password { get; } = RandomNumberGenerator.GetHexString(16);

    /// <summary>Where it is.</summary>
    public string Url => _web.Urls.Single();

    /// <summary>Starts it on a free port.</summary>
    public static async Task<CloudServer> StartAsync(Inventory inventory, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddRoutingCore();
        var server = new CloudServer(builder.Build(), inventory);
        server.Map();
        await server._web.StartAsync(cancellationToken);
        return server;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _web.DisposeAsync();

    private void Map()
    {
        _web.MapPost("/identity/v3/auth/tokens", LogInAsync);
        _web.MapGet("/compute/v2.1/servers/detail", context => AnswerAsync(context, "servers", _inventory.Vms.Select(vm => new JsonObject
        {
            ["id"] = vm.Id, ["name"] = vm.Id, ["status"] = "ACTIVE", ["tenant_id"] = vm.Owner,
        })));
        _web.MapPost("/compute/v2.1/servers/{vm}/action", ActAsync);
        _web.MapGet("/network/v2.0/networks", context => AnswerAsync(context, "networks", _inventory.Networks.Select(network => new JsonObject
        {
            ["id"] = network.Id, ["name"] = network.Id, ["tenant_id"] = network.Owner, ["router:external"] = network.IsPublic,
        })));
        _web.MapGet("/network/v2.0/ports", context => AnswerAsync(context, "ports", _inventory.Ports.Select(port => new JsonObject
        {
            ["id"] = port.Id, ["device_id"] = port.Vm, ["device_owner"] = "compute:nova", ["network_id"] = port.Network,
        })));
        _web.MapGet("/directory/scim/v2/Users", context => AnswerAsync(context, "Resources", _inventory.Groups.GroupBy(m => m.User).Select(user => new JsonObject
        {
            ["userName"] = user.Key, ["groups"] = new JsonArray([.. user.Select(m => new JsonObject { ["display"] = m.Group })]),
        })));
    }

    /// <summary>Gives a token in a header, and the catalog of services in the body.</summary>
    private async Task LogInAsync(HttpContext context)
    {
        var user = (await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted))?["auth"]?["identity"]?["password"]?["user"];
        if ((string?)user?["name"] != User || (string?)user["password"] != Password)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        context.Response.StatusCode = StatusCodes.Status201Created;
        context.Response.Headers["X-Subject-Token"] = _token;
        await WriteAsync(context, new() { ["token"] = new JsonObject { ["catalog"] = new JsonArray(Service("compute", "/compute/v2.1"), Service("network", "/network")) } });
    }

    private JsonObject Service(string type, string path) => new()
    {
        ["type"] = type, ["endpoints"] = new JsonArray(new JsonObject { ["interface"] = "public", ["url"] = Url + path }),
    };

    private async Task ActAsync(HttpContext context)
    {
        if (!IsAllowed(context))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        var asked = (await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted))?["disconnectNetwork"];
        var key = context.Request.Headers["Idempotency-Key"].ToString();
        context.Response.StatusCode = asked is null || key.Length == 0 ? StatusCodes.Status400BadRequest
            : _inventory.Disconnect(key, (string)context.Request.RouteValues["vm"]!, (string)asked["net_id"]!) ? StatusCodes.Status202Accepted
            : StatusCodes.Status404NotFound;
    }

    private Task AnswerAsync(HttpContext context, string name, IEnumerable<JsonObject> items)
    {
        if (IsAllowed(context))
        {
            return WriteAsync(context, new() { [name] = new JsonArray([.. items]) });
        }

        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }

    // The directory knows no tokens, only name and password.
    private bool IsAllowed(HttpContext context) => context.Request.Headers["X-Auth-Token"] == _token
        || (AuthenticationHeaderValue.TryParse(context.Request.Headers.Authorization, out var basic) && basic is { Scheme: "Basic", Parameter: { } credentials }
            && credentials == Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{Password}")));

    private static Task WriteAsync(HttpContext context, JsonObject body)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body.ToJsonString(), context.RequestAborted);
    }
}
