using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Congress.Datasources.Drivers.Peer;

/// <summary>Asks the API of another Congress.</summary>
internal sealed class PeerClient : IDisposable
{
    private readonly PeerOptions _options;
    private readonly HttpClient _http;

    public PeerClient(PeerOptions options)
    {
        _options = options;

        // It would follow a redirection with the token.
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, AutomaticDecompression = DecompressionMethods.All, PooledConnectionLifetime = TimeSpan.FromMinutes(2) };
        _http = new(handler) { Timeout = Timeout.InfiniteTimeSpan };
        if (options.Token is { } token)
        {
            _http.DefaultRequestHeaders.TryAddWithoutValidation(options.TokenHeader, token);
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Gets a resource.</summary>
    /// <param name="path">Where it is below the address, beginning with a slash.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Its JSON, which the caller disposes.</returns>
    /// <exception cref="DriverException">It cannot be reached in time, refuses, or answers too much or no JSON.</exception>
    public async Task<JsonDocument> GetAsync(string path, CancellationToken cancellationToken)
    {
        var url = _options.Url.AbsoluteUri.TrimEnd('/') + path;
        using var deadline = new CancellationTokenSource(_options.Timeout, _options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            using var response = await _http.GetAsync(new Uri(url), HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                throw Refused(url, response);
            }

            using var body = await ReadAsync(url, response.Content, either.Token).ConfigureAwait(false);
            return await JsonDocument.ParseAsync(body, cancellationToken: either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DriverException(string.Create(CultureInfo.InvariantCulture, $"{url}: no answer within {_options.Timeout.TotalSeconds} s"), exception);
        }
        catch (Exception exception) when (exception is HttpRequestException or SocketException or IOException)
        {
            throw new DriverException($"{url}: {exception.Message}", exception);
        }
        catch (JsonException exception)
        {
            throw new DriverException($"{url}: the answer is no JSON: {exception.Message}", exception);
        }
    }

    private async Task<MemoryStream> ReadAsync(string url, HttpContent content, CancellationToken cancellationToken)
    {
        var body = new MemoryStream();
        var stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            var buffer = new byte[64 << 10];
            int count;
            while ((count = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                if (body.Length + count > _options.MaxBytes)
                {
                    throw new DriverException(string.Create(CultureInfo.InvariantCulture, $"{url}: the answer is longer than {_options.MaxBytes} bytes"));
                }

                body.Write(buffer, 0, count);
            }
        }

        body.Position = 0;
        return body;
    }

    private DriverException Refused(string url, HttpResponseMessage response)
    {
        var meaning = response.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => "it does not accept the token",
            HttpStatusCode.NotFound => "it has no such table",
            HttpStatusCode.TooManyRequests => "it is asked too often",
            HttpStatusCode.ServiceUnavailable => "it is not ready",
            _ => "expected 200",
        };
        return new(string.Create(CultureInfo.InvariantCulture, $"{url} answers {(int)response.StatusCode}: {meaning}"))
        {
            RetryAfter = response.Headers.RetryAfter is not { } after ? null
                : after.Delta ?? (after.Date is { } date && date > _options.Time.GetUtcNow() ? date - _options.Time.GetUtcNow() : null),
        };
    }
}
