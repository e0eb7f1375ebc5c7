using Congress.Bus;
using Congress.Cli.Server.Http;
using Congress.Data;
using Congress.Datasources;
using Congress.Persistence;
using Congress.Policies.Enforcement;
using Congress.Policies.Library;
using Congress.Policies.Serving;
using Congress.Transport.NetMQ;
using Microsoft.AspNetCore.Builder;

namespace Congress.Cli.Server;

/// <summary>A node with the services that it is told to run, and the store that they share.</summary>
internal sealed class CongressServer : IAsyncDisposable
{
    /// <summary>How long requests that are under way may take when the server stops.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly DseNode _node;
    private readonly SqliteStore? _store;
    private readonly WebApplication? _web;
    private readonly DatasourcesService? _datasources;

    private CongressServer(DseNode node, SqliteStore? store, DatasourcesService? datasources, WebApplication? web) => (_node, _store, _datasources, _web) = (node, store, datasources, web);

    /// <summary>Starts everything; when this returns, requests are answered.</summary>
    /// <exception cref="InputException">Something that the options name cannot be used.</exception>
    /// <exception cref="Congress.Diagnostics.CongressException">The store cannot be opened, or the node cannot join the bus.</exception>
    public static async Task<CongressServer> StartAsync(ServerOptions options, CancellationToken cancellationToken)
    {
        // What may be wrong is read before anything is made.
        var library = options is { HasEngine: true, Library: { } folder } ? LibraryFiles.Read(folder) : [];
        var drivers = options.HasDatasources ? DriverFiles.Read(options.Drivers) : DriverRegistry.BuiltIn;
        var node = new DseNode(options.Node, options.Bus is { } bus ? new NetMQTransport(bus) : null);
        SqliteStore? store = null;
        DatasourcesService? datasources = null;
        WebApplication? web = null;
        try
        {
            if (options.HasEngine || options.HasDatasources)
            {
                var state = StateOf(options);
                store = await SqliteStore.OpenAsync(Path.Join(state, "congress.db"), cancellationToken: cancellationToken);
                if (options.HasEngine)
                {
                    await AddEngineAsync(node, store, library, options, cancellationToken);
                }

                if (options.HasDatasources)
                {
                    datasources = new(new()
                    {
                        Store = new SqliteDatasources(store, SecretKey.Open(Path.Join(state, "congress.key"))),
                        Drivers = drivers,
                        Lease = options.Bus is null ? null : new SqliteLease(store),
                        LeaseTime = options.LeaseTime,
                        Told = [EngineMethods.Service],
                    });
                    node.Register(datasources);
                }
            }

            await node.StartAsync(cancellationToken);
            if (options.Api is { } api)
            {
                web = HttpFace.Create(node, api);
                await web.StartAsync(cancellationToken);
            }

            return new(node, store, datasources, web);
        }
        catch
        {
            await new CongressServer(node, store, datasources, web).DisposeAsync();
            throw;
        }
    }

    /// <summary>One line that says what runs where.</summary>
    public string Greeting => _web is null ? $"node {_node.Id} runs" : $"node {_node.Id} runs, and serves the API at {string.Join(", ", Addresses)}";

    /// <summary>Where the API is served; none when this node does not.</summary>
    public IReadOnlyCollection<string> Addresses => _web is null ? [] : [.. _web.Urls];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_web is not null)
        {
            using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
            await _web.StopAsync(patience.Token);
            await _web.DisposeAsync();
        }

        await _node.DisposeAsync();
        if (_datasources is not null)
        {
            await _datasources.DisposeAsync();
        }

        _store?.Dispose();
    }

    private static string StateOf(ServerOptions options)
    {
        var folder = options.State ?? throw new InputException("congress", "a node with a policy engine or datasources needs a folder for its state");
        try
        {
            return Directory.CreateDirectory(folder).FullName;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException(folder, $"it cannot be used as a folder for the state: {exception.Message}", exception);
        }
    }

    private static async Task AddEngineAsync(DseNode node, SqliteStore store, IReadOnlyList<LibraryPolicy> policies, ServerOptions options, CancellationToken cancellationToken)
    {
        var library = new SqliteLibrary(store);
        await library.AddAsync(policies, onlyIfEmpty: true, cancellationToken);
        var engine = new PolicyEngineService(EngineMethods.Service, new()
        {
            Log = new SqliteRuleLog(store),
            Directory = new SqliteDatasources(store),
            Engine = new() { DefaultPolicy = "_none" },
        });
        node.Register(engine);
        node.Register(
            new EnforcementService(engine, new SqliteActionJournal(store), options.Enforcement), new() { SingleOwner = options.Bus is null ? null : new SqliteLease(store), LeaseTime = options.LeaseTime });
        node.Register(new LibraryService(library));
    }
}
