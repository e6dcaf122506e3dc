"""A repository of ECR for each image. build_and_push.sh --pulumi fills them."""

from __future__ import annotations

import json

import pulumi
import pulumi_aws as aws

from settings import Settings


class Registry(pulumi.ComponentResource):
    """`repositories` by the name of the image."""

    def __init__(self, settings: Settings, opts: pulumi.ResourceOptions) -> None:
        super().__init__("chemtrack:aws:Registry", settings.name("registry"), None, opts)
        self._settings, child = settings, pulumi.ResourceOptions(parent=self)
        self.repositories: dict[str, aws.ecr.Repository] = {}
        for image in settings.images:
            name = settings.name("repository", image)
            self.repositories[image] = aws.ecr.Repository(
                name,
                name=name,
                image_tag_mutability="IMMUTABLE",  # the tag of a commit always means the same image
                image_scanning_configuration={"scan_on_push": True},
                encryption_configurations=[{"encryption_type": "AES256"}],
                force_delete=True,
                opts=child,
            )
            newest = {
                "rulePriority": 1,
                "description": f"Keep the {settings.figures.kept_images} newest",
                "selection": {
                    "tagStatus": "any",
                    "countType": "imageCountMoreThan",
                    "countNumber": settings.figures.kept_images,
                },
                "action": {"type": "expire"},
            }
            aws.ecr.LifecyclePolicy(
                settings.name("lifecycle", image),
                repository=self.repositories[image].name,
                policy=json.dumps({"rules": [newest]}),
                opts=child,
            )
        self.register_outputs({})

    def address(self, image: str) -> pulumi.Output[str]:
        """The image with its tag, as a task names it."""
        return pulumi.Output.format("{0}:{1}", self.repositories[image].repository_url, self._settings.image_tag(image))
