from dataclasses import dataclass

from identity_service.domain.oidc.attempt import FromBrowser
from identity_service.domain.oidc.client import is_same_client
from identity_service.domain.oidc.errors import AttemptOver
from identity_service.ports import ChoiceStore, Clock, SignInSettingsStore
from identity_service.usecases.finish_company_sign_in import FinishCompanySignIn, Finished


@dataclass(frozen=True, slots=True)
class ChooseWorkspace:
    """Sign a person who was verified in to one of the workspaces that were offered, once."""

    choices: ChoiceStore
    settings: SignInSettingsStore
    finish_company_sign_in: FinishCompanySignIn
    clock: Clock

    async def __call__(self, digest: str, chosen: str, browser: FromBrowser) -> Finished:
        choice = await self.choices.find_by_digest(digest)
        if choice is None or not choice.is_open(browser.digest, self.clock()):
            raise AttemptOver
        found = [each for each in choice.workspaces if each == chosen]
        if not found or not await self.choices.use_up(choice):
            raise AttemptOver
        settings = await self.settings.find(found[0])
        if settings is None or not is_same_client(settings, choice):
            raise AttemptOver
        signed_in = self.finish_company_sign_in.signed_in
        return Finished(choice.return_to, await signed_in(settings, choice.person, browser))
